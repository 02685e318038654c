package io.deployguard.emulators;

import java.net.URI;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Where the suite finds LocalStack, or another emulator of AWS. */
sealed interface LocalStackPlace {

    /** Of the emulator that is used instead of one of our own. */
    String VARIABLE = "AWS_ENDPOINT_URL";

    /** Somebody has started one. */
    record Given(URI endpoint) implements LocalStackPlace {}

    /** As a program on this machine, from PyPI. */
    record OnThisMachine(PythonTools tools) implements LocalStackPlace {}

    /** In a container. */
    record InDocker() implements LocalStackPlace {}

    /** Nowhere. */
    record Missing(String reason) implements LocalStackPlace {}

    /**
     * The first that is to be had: the address that is given, the program, a container.
     *
     * @param address empty when none is given
     * @param program asked when there is no address
     * @param docker whether an engine answers; asked last, since that takes seconds
     */
    static LocalStackPlace choose(String address, Supplier<PythonTools.Found> program, BooleanSupplier docker) {
        if (!address.isBlank()) {
            return new Given(URI.create(address.strip()));
        }
        return switch (program.get()) {
            case PythonTools.Found.Ready(var tools) -> new OnThisMachine(tools);
            case PythonTools.Found.Missing(var reason) ->
                docker.getAsBoolean()
                        ? new InDocker()
                        : new Missing(reason
                                + "; no Docker engine answers either, and %s names no other".formatted(VARIABLE));
        };
    }

    /** What was chosen, in words for whoever reads the build's output. */
    default String describe() {
        return switch (this) {
            case Given(var endpoint) -> "LocalStack, or what stands for it, at " + endpoint + " (" + VARIABLE + ")";
            case OnThisMachine _ -> "LocalStack as a program on this machine, from PyPI";
            case InDocker _ -> "LocalStack in a container (" + LocalStackContainer.IMAGE + ")";
            case Missing(var reason) -> reason;
        };
    }
}
