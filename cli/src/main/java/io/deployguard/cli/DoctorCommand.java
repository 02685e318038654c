package io.deployguard.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.deployguard.aws.AwsClients;
import io.deployguard.aws.doctor.LiveSurroundings;
import io.deployguard.doctor.Doctor;
import io.deployguard.doctor.Draft;
import io.deployguard.doctor.DraftReader;
import io.deployguard.doctor.Result;
import io.deployguard.doctor.check.Checks;
import io.deployguard.fault.GuardFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks before a deployment at what would make it fail, or make nobody notice that it failed. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = {
            "Looks before a deployment at what would make it fail, or make nobody notice that it did. Reads only.",
            "With --cluster and --service: the service and the task definition that it runs. With --task-definition: a file,"
                    + " without AWS. With all three: the file, and what it changes in the service.",
            "Exit code: 0 nothing found or warnings only, 1 problems."
        })
final class DoctorCommand implements Callable<Integer> {

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(names = "--cluster", paramLabel = "C", description = "name or ARN")
    @Nullable
    String cluster;

    @Option(names = "--service", paramLabel = "S", description = "name or ARN")
    @Nullable
    String service;

    @Option(names = "--region", paramLabel = "R", description = "where the cluster is")
    @Nullable
    String region;

    @Option(
            names = "--task-definition",
            paramLabel = "FILE",
            description =
                    "a task definition in JSON, as register-task-definition takes it or describe-task-definition prints it;"
                            + " - reads the standard input")
    @Nullable
    String file;

    @Option(names = "--json", description = "one JSON object")
    boolean json;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "how long to look at AWS; what is late counts as not seen")
    int timeout;

    @Override
    public Integer call() throws IOException {
        if ((cluster == null) != (service == null) || (cluster == null && file == null)) {
            throw new DeployGuard.Unusable("expected --cluster and --service, or --task-definition FILE, or all three");
        }
        var draft = file == null ? Optional.<Draft>empty() : Optional.of(read(file));
        var page = cluster == null || service == null
                ? DoctorPage.of(draft.orElseThrow(), new Doctor(Checks.all()).examine(draft.orElseThrow()))
                : live(cluster, service, draft);
        var out = Objects.requireNonNull(spec).commandLine().getOut();
        if (json) {
            out.println(page.json());
        } else {
            page.lines().forEach(out::println);
        }
        out.flush();
        return page.findings().only(Result.Problem.class).isEmpty() ? 0 : DeployGuard.BAD;
    }

    private DoctorPage live(String cluster, String service, Optional<Draft> draft) {
        try (var clients = AwsClients.in(region == null ? AwsClients.usualRegion() : region)) {
            var eyes = new LiveSurroundings(clients, Duration.ofSeconds(timeout));
            var seen = draft.map(given -> eyes.of(cluster, service, given)).orElseGet(() -> eyes.of(cluster, service));
            return DoctorPage.of(
                    seen.draft(), seen.around(), new Doctor(Checks.all()).examine(seen.draft(), seen.around()));
        } catch (GuardFault.NotFound | GuardFault.Denied | GuardFault.Malformed unusable) {
            throw new DeployGuard.Unusable(String.valueOf(unusable.getMessage()));
        }
    }

    private static Draft read(String file) throws IOException {
        try {
            return DraftReader.read(DiagnosisJson.JSON.readTree(text(file)));
        } catch (JsonProcessingException malformed) {
            var where = malformed.getLocation();
            throw new DeployGuard.Unusable("%s: expected JSON; line %d, column %d: %s"
                    .formatted(
                            file,
                            where == null ? 1 : where.getLineNr(),
                            where == null ? 1 : where.getColumnNr(),
                            malformed.getOriginalMessage()));
        } catch (IllegalArgumentException unfit) {
            throw new DeployGuard.Unusable(file + ": " + unfit.getMessage());
        }
    }

    private static byte[] text(String file) throws IOException {
        if (file.equals("-")) {
            return System.in.readAllBytes();
        }
        try {
            var path = Path.of(file);
            if (Files.isRegularFile(path) && Files.isReadable(path)) {
                return Files.readAllBytes(path);
            }
        } catch (InvalidPathException noPath) {
            // Said below.
        }
        throw new DeployGuard.Unusable(
                "--task-definition: expected a file that can be read, got %s; of a registered one: aws ecs describe-task-definition --task-definition NAME > FILE"
                        .formatted(file));
    }
}
