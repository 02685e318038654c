package io.deployguard.simulation.account;

import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;

/** Identifiers in the shapes of AWS, the same ones in every run of the same scenario. Guarded by the lock of the account. */
final class Ids {
    private static final String URL_SAFE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

    private final Random random = new Random(20_260_203L);

    /** Hexadecimal digits, e.g. 32 for a task and 16 for a target group. */
    String hex(int digits) {
        var bytes = new byte[digits / 2];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** The N of {@code ecs-svc/N}: 19 digits, often above 2^53, so that a reader who takes it for a number loses digits. */
    String revisionNumber() {
        return Long.toString(1_000_000_000_000_000_000L + random.nextLong(8_000_000_000_000_000_000L));
    }

    /** The last segment of a service deployment's ARN: 21 letters, digits, {@code _} and {@code -}. */
    String deployment() {
        var text = new StringBuilder();
        for (int i = 0; i < 21; i++) {
            text.append(URL_SAFE.charAt(random.nextInt(URL_SAFE.length())));
        }
        return text.toString();
    }

    /** Capital letters and digits, nine for a deployment of CodeDeploy. */
    String letters(int count) {
        return random.ints(count, 0, 36)
                .mapToObj(digit -> Character.toString(digit < 10 ? '0' + digit : 'A' + digit - 10))
                .collect(Collectors.joining());
    }

    String uuid() {
        return new UUID((random.nextLong() & ~0xF000L) | 0x4000L, (random.nextLong() & ~(3L << 62)) | (1L << 63))
                .toString();
    }

    /** Any duration up to that one. */
    Duration fractionOf(Duration most) {
        return most.isZero() ? most : Duration.ofMillis(random.nextLong(most.toMillis() + 1));
    }

    /** A private address of the simulated subnets. */
    String privateAddress() {
        return "10.0." + (1 + random.nextInt(3)) + "." + (4 + random.nextInt(250));
    }
}
