package io.deployguard.classification;

import io.deployguard.fault.GuardFault;
import java.util.List;

/** Where an operator keeps rules of their own. */
public interface RuleSource {

    /** The largest document that is read, in bytes; three times the largest bundled file. */
    int MOST_BYTES = 64 << 10;

    /** The most documents that are read: more than the bundled catalogue has. */
    int MOST_DOCUMENTS = 100;

    /** As it was configured, such as {@code s3://bucket/rules/}. */
    String location();

    /**
     * All documents there, in the order of their names.
     *
     * @throws GuardFault when the place cannot be read, or holds no document
     */
    Reading read();

    /**
     * What was read.
     *
     * @param problems what is wrong with documents that could not be taken, one sentence each, beginning with the document's name
     */
    record Reading(List<RuleDocument> documents, List<String> problems) {

        public Reading {
            documents = List.copyOf(documents);
            problems = List.copyOf(problems);
        }
    }
}
