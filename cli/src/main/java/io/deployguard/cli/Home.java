package io.deployguard.cli;

import io.deployguard.simulation.lab.LambdaFunction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The project's folder, which the launcher names. */
final class Home {

    /** The functions there are, in the order in which an incident meets them. */
    static final List<String> FUNCTIONS = List.of("detect", "watch", "act", "notify", "migrate");

    private Home() {}

    static Path folder() {
        return Path.of(System.getProperty("deployguard.home", "."))
                .toAbsolutePath()
                .normalize();
    }

    /**
     * A function as its jar stands in the build.
     *
     * @throws DeployGuard.Unusable when there is no such function, or it was not built
     */
    static LambdaFunction function(String name) {
        if (!FUNCTIONS.contains(name)) {
            throw new DeployGuard.Unusable(
                    "no function is called " + name + "; known are " + String.join(", ", FUNCTIONS));
        }
        var jar = folder().resolve("functions").resolve(name).resolve("target").resolve(name + ".jar");
        if (!Files.isRegularFile(jar)) {
            throw new DeployGuard.Unusable(jar + " is missing; build it with ./mvnw package -DskipTests");
        }
        var type = name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1) + "Handler";
        return LambdaFunction.of(name, "io.deployguard.functions." + name + "." + type + "::handleRequest", jar);
    }
}
