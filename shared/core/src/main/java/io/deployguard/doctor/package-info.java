/**
 * Would this deployment start, and would ECS notice if it did not? Pure checks of a task definition and, where one is named, of the service that is to
 * run it: begin with {@link io.deployguard.doctor.Doctor}; the checks stand in {@link io.deployguard.doctor.check.Checks}.
 */
@NullMarked
package io.deployguard.doctor;

import org.jspecify.annotations.NullMarked;
