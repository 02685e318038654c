package io.deployguard.postgres;

import java.util.Optional;

/**
 * Keys of AWS that sign a login. The text of it tells the id alone.
 *
 * @param sessionToken of keys that end after a while, as those of a role do
 */
public record AwsKeys(String accessKeyId, String secretAccessKey, Optional<String> sessionToken) {

    @Override
    public String toString() {
        return "keys " + accessKeyId;
    }
}
