package io.deployguard.ecs;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The command of a container health check, as {@code healthCheck.command} lists it.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html">HealthCheck</a>
 */
public record HealthCheckCommand(List<String> words) {

    private static final Set<String> FORMS = Set.of("CMD", "CMD-SHELL", "NONE");
    private static final List<String> TOOLS =
            List.of("curl", "wget", "nc", "netcat", "grpc_health_probe", "pg_isready", "redis-cli", "mysqladmin");
    private static final List<String> SLIM =
            List.of("alpine", "slim", "distroless", "scratch", "busybox", "chiseled", "ubi-micro", "wolfi");
    private static final List<String> WITHOUT_SHELL = List.of("distroless", "scratch", "chiseled");
    private static final Pattern LOCAL_REQUEST = Pattern.compile(
            "(?<scheme>https?)://(?:localhost|127\\.0\\.0\\.1|0\\.0\\.0\\.0|\\[::1\\])(?::(?<port>\\d{1,5}))?(?<path>/[^\\s\"'|;&)]*)?");

    public HealthCheckCommand {
        words = List.copyOf(words);
    }

    /** What is wrong with its form, in one clause. */
    public Optional<String> fault() {
        if (words.isEmpty() || !FORMS.contains(words.getFirst())) {
            return Optional.of("its first element is neither CMD nor CMD-SHELL");
        }
        if (words.getFirst().equals("CMD") && words.size() > 1 && FORMS.contains(words.get(1))) {
            return Optional.of("CMD runs a program called " + words.get(1) + "; one of the two words is too many");
        }
        if (words.getFirst().equals("CMD") && words.size() == 2 && words.get(1).indexOf(' ') > 0) {
            return Optional.of("CMD runs one program whose name holds blanks; CMD-SHELL takes a line");
        }
        if (words.getFirst().equals("CMD-SHELL") && words.size() > 2) {
            return Optional.of("CMD-SHELL takes one line, the further elements are lost");
        }
        return Optional.empty();
    }

    /** A program that it runs and that many images do not bring. */
    public Optional<String> tool() {
        var line = " " + String.join(" ", words).replace('/', ' ') + " ";
        return TOOLS.stream().filter(tool -> line.contains(" " + tool + " ")).findFirst();
    }

    /** Whether an image of that name lacks the program as a rule. */
    public static boolean usuallyLacks(String image, String tool) {
        var lower = image.toLowerCase(Locale.ROOT);
        // BusyBox has a wget, and every Alpine has BusyBox.
        var brought = tool.equals("wget") && (lower.contains("alpine") || lower.contains("busybox"));
        return !brought && SLIM.stream().anyMatch(lower::contains);
    }

    /** Whether it needs a shell that an image of that name has not got. */
    public boolean lacksShellIn(String image) {
        var lower = image.toLowerCase(Locale.ROOT);
        return !words.isEmpty()
                && words.getFirst().equals("CMD-SHELL")
                && WITHOUT_SHELL.stream().anyMatch(lower::contains);
    }

    /** What it asks the container itself. */
    public Optional<LocalRequest> request() {
        var matcher = LOCAL_REQUEST.matcher(String.join(" ", words));
        if (!matcher.find()) {
            return Optional.empty();
        }
        var port = Optional.ofNullable(matcher.group("port"))
                .map(Integer::valueOf)
                .orElse(matcher.group("scheme").equals("https") ? 443 : 80);
        return Optional.of(new LocalRequest(
                matcher.group(),
                port,
                Optional.ofNullable(matcher.group("path")).orElse("/")));
    }

    /** A request over HTTP to the container's own address. */
    public record LocalRequest(String url, int port, String path) {}
}
