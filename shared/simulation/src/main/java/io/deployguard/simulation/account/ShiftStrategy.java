package io.deployguard.simulation.account;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * In which steps production traffic goes over to the new revision; all else is the same for every strategy, and {@link TrafficShift} does it.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html">DeploymentConfiguration</a>
 */
sealed interface ShiftStrategy {
    /**
     * A share of production traffic, and how long it is kept before the next step.
     *
     * @param percent of the traffic, above 0 and at most 100
     */
    record Step(double percent, Duration bake) {
        static final Step ALL = new Step(100, Duration.ZERO);
    }

    /** In order; the last one is {@link Step#ALL}. */
    List<Step> steps();

    /** All at once. */
    record BlueGreen() implements ShiftStrategy {
        @Override
        public List<Step> steps() {
            return List.of(Step.ALL);
        }
    }

    /** In equal parts. */
    record Linear(double percent, Duration bake) implements ShiftStrategy {
        @Override
        public List<Step> steps() {
            var count = (int) Math.ceil(100 / percent);
            return IntStream.rangeClosed(1, count)
                    .mapToObj(number -> number == count ? Step.ALL : new Step(percent * number, bake))
                    .toList();
        }
    }

    /** A small part first, then the rest. */
    record Canary(double percent, Duration bake) implements ShiftStrategy {
        @Override
        public List<Step> steps() {
            return List.of(new Step(percent, bake), Step.ALL);
        }
    }

    /**
     * The strategy that a deployment configuration names; absent for a rolling update.
     *
     * @throws AwsError InvalidParameterException for another name, or a share that ECS does not take
     */
    static Optional<ShiftStrategy> find(ObjectNode configuration) {
        return switch (configuration.path("strategy").asText("ROLLING")) {
            case "ROLLING" -> Optional.empty();
            case "BLUE_GREEN" -> Optional.of(new BlueGreen());
            case "LINEAR" -> {
                var linear = configuration.path("linearConfiguration");
                yield Optional.of(new Linear(
                        share(linear.path("stepPercent").asDouble(10), 3),
                        Duration.ofMinutes(linear.path("stepBakeTimeInMinutes").asLong(6))));
            }
            case "CANARY" -> {
                var canary = configuration.path("canaryConfiguration");
                yield Optional.of(new Canary(
                        share(canary.path("canaryPercent").asDouble(5), 0.1),
                        Duration.ofMinutes(
                                canary.path("canaryBakeTimeInMinutes").asLong(10))));
            }
            case String other -> throw AwsError.invalid("Deployment strategy %s is not supported.".formatted(other));
        };
    }

    private static double share(double percent, double least) {
        if (percent < least || percent > 100) {
            throw AwsError.invalid("The percentage must be between %s and 100.0.".formatted(least));
        }
        return percent;
    }
}
