package io.deployguard.simulation.memory;

import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceRef;

/** Key of what is kept per revision of a service. */
record Revision(ServiceRef service, DeploymentId deployment) {}
