package io.deployguard.notification;

import java.time.Instant;
import java.util.List;

/** One part of a notice, in the order in which people read. All text is plain; a channel escapes it its own way. */
public sealed interface NoticeBlock {

    /** What is the case and whether somebody must act. */
    record Summary(String state, String cause) implements NoticeBlock {}

    /** At most ten short facts. */
    record Facts(List<Fact> facts) implements NoticeBlock {

        public Facts {
            facts = List.copyOf(facts);
        }
    }

    /** One fact: a label of one to three words, and its value. */
    record Fact(String label, String value) {}

    /**
     * Lines that decided, literally.
     *
     * @param caption container, task and how many lines were left out
     */
    record Lines(String caption, List<String> lines) implements NoticeBlock {

        public Lines {
            lines = List.copyOf(lines);
        }
    }

    /** What a person should do, in order; {@code commands} can be pasted into a shell. */
    record Advice(String title, List<String> steps, List<String> commands) implements NoticeBlock {

        public Advice {
            steps = List.copyOf(steps);
            commands = List.copyOf(commands);
        }
    }

    /** What happened so far, oldest first. */
    record Timeline(List<Moment> moments) implements NoticeBlock {

        public Timeline {
            moments = List.copyOf(moments);
        }
    }

    /** One step of the story. */
    record Moment(Instant at, String what) {}

    /** Where to look. */
    record Links(List<Link> links) implements NoticeBlock {

        public Links {
            links = List.copyOf(links);
        }
    }

    /** A labeled address of the AWS console. */
    record Link(String label, String url) {}

    /** Small print: incident id, mode, what the guard could not see. */
    record Footer(List<String> items) implements NoticeBlock {

        public Footer {
            items = List.copyOf(items);
        }
    }
}
