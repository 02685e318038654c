package io.deployguard.classification;

import java.nio.file.Path;
import java.util.regex.Pattern;

/** The place of an operator's own rules, as a setting names it. */
public sealed interface RuleLocation {

    /** What a setting may say, for messages about one that says something else. */
    String EXPECTED = "s3://bucket/folder/, ssm:/path/of/parameters or a folder";

    /** Objects of a bucket whose keys begin with the prefix and end with {@code .yaml}; the bucket is in the region of whoever reads. */
    record S3(String bucket, String prefix) implements RuleLocation {
        @Override
        public String toString() {
            return "s3://" + bucket + "/" + prefix;
        }
    }

    /**
     * Parameters of AWS Systems Manager below the path, or the one parameter of that name.
     *
     * @param path begins with a slash and ends without one
     */
    record Ssm(String path) implements RuleLocation {
        @Override
        public String toString() {
            return "ssm:" + path;
        }
    }

    /** Files of a folder whose names end with {@code .yaml}. */
    record Folder(Path path) implements RuleLocation {
        @Override
        public String toString() {
            return path.toString();
        }
    }

    /**
     * The location in a text.
     *
     * @throws IllegalArgumentException when it is none, with what was expected
     */
    static RuleLocation parse(String text) {
        var s3 = Forms.S3.matcher(text);
        if (s3.matches()) {
            return new S3(s3.group("bucket"), s3.group("prefix"));
        }
        var ssm = Forms.SSM.matcher(text);
        if (ssm.matches()) {
            return new Ssm(ssm.group("path"));
        }
        if (text.isBlank() || Forms.SCHEME.matcher(text).lookingAt()) {
            throw new IllegalArgumentException("rules: expected " + EXPECTED + ", got " + text);
        }
        return new Folder(Path.of(text));
    }

    /** How the texts look. */
    final class Forms {
        /** Bucket names as S3 allows them. */
        private static final Pattern S3 =
                Pattern.compile("s3://(?<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])/(?<prefix>[^?#]*)");

        private static final Pattern SSM = Pattern.compile("ssm:(?<path>(?:/[A-Za-z0-9_.-]+)+)/?");

        /** Of a URL or of one of the above; a single letter would be a drive. */
        private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:");

        private Forms() {}
    }
}
