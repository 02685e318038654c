package io.deployguard.doctor.check;

import io.deployguard.doctor.Check;
import io.deployguard.doctor.Draft;
import io.deployguard.doctor.Result;
import io.deployguard.doctor.Surroundings;
import java.util.stream.Stream;

/** Without it a failing deployment never fails. */
final class CircuitBreaker implements Check.OfService {

    @Override
    public String id() {
        return "circuit-breaker";
    }

    @Override
    public String about() {
        return "A rolling deployment without circuit breaker, or with one that does not roll back: it would retry without end, or stay as it is.";
    }

    @Override
    public String source() {
        return "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html";
    }

    @Override
    public Stream<Result> examine(Draft draft, Surroundings around) {
        var deploying = around.service().deploying();
        if (!around.service().rolls() || (deploying.breaker() && deploying.breakerRollsBack())) {
            return Stream.empty();
        }
        return Stream.of(
                deploying.breaker()
                        ? new Result.Warning(
                                "service.deploymentConfiguration.deploymentCircuitBreaker.rollback",
                                "the circuit breaker ends a failing deployment and does not go back",
                                "Set rollback to true, unless the guard or a person goes back.")
                        : new Result.Warning(
                                "service.deploymentConfiguration.deploymentCircuitBreaker.enable",
                                "the circuit breaker is off: ECS starts failing tasks again without end and sends no event that the"
                                        + " deployment failed",
                                "Set enable and rollback to true."));
    }
}
