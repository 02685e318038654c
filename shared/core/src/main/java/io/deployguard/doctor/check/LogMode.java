package io.deployguard.doctor.check;

import io.deployguard.doctor.Check;
import io.deployguard.doctor.Draft;
import io.deployguard.doctor.Result;
import java.util.stream.Stream;

/** An outage of the log service is not the application's, unless the driver makes it so. */
final class LogMode implements Check.OfDefinition {

    @Override
    public String id() {
        return "log-mode";
    }

    @Override
    public String about() {
        return "`mode: blocking`: a container stands still while CloudWatch Logs does not take its lines.";
    }

    @Override
    public String source() {
        return "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LogConfiguration.html";
    }

    @Override
    public Stream<Result> examine(Draft draft) {
        return draft.each(container -> container.definition().logConfiguration().stream()
                .filter(log -> "blocking".equals(log.options().get("mode")))
                .map(_ -> new Result.Warning(
                        container.field("logConfiguration.options.mode"),
                        "container %s stands still while its lines cannot be sent".formatted(container.name()),
                        "Set mode to non-blocking with a max-buffer-size, unless no line may be lost.")));
    }
}
