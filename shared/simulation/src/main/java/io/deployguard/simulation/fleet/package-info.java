/**
 * Is the guard right, over a whole fleet and for days? Random services, releases, causes, people and healthy churn on virtual time, the guard's own
 * pipeline over them, and a judge who knows the truth. Begin with {@link io.deployguard.simulation.fleet.FleetSimulation}.
 */
@NullMarked
package io.deployguard.simulation.fleet;

import org.jspecify.annotations.NullMarked;
