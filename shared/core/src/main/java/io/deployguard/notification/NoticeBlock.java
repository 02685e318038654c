package io.deployguard.notification;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** One part of a notice, in the order in which people read. All text is plain; a channel escapes it its own way. */
public sealed interface NoticeBlock {

    /**
     * What is the case and whether somebody must act.
     *
     * @param call two to four words: {@code Action needed}, {@code No action needed}
     * @param state what the guard did, does or would do
     * @param cause what broke and how sure that is, absent while nothing can be said
     */
    record Summary(String call, Prose state, Optional<Prose> cause) implements NoticeBlock {}

    /** At most six short facts. */
    record Facts(List<Fact> facts) implements NoticeBlock {

        public Facts {
            facts = List.copyOf(facts);
        }
    }

    /** One fact: a label of one to three words, and its value. */
    record Fact(String label, Prose value) {}

    /** What proves it, literally. */
    record Evidence(List<Excerpt> excerpts) implements NoticeBlock {

        public Evidence {
            excerpts = List.copyOf(excerpts);
        }
    }

    /**
     * Lines from one place, in the order in which they were written.
     *
     * @param caption which place: container, task, how many values were redacted
     * @param omitted lines that decided too and were left out for their number
     */
    record Excerpt(String caption, List<String> lines, int omitted) {

        public Excerpt {
            lines = List.copyOf(lines);
        }
    }

    /** What a person should do, in order. */
    record Advice(String title, List<Prose> steps, List<ShellCommand> commands) implements NoticeBlock {

        public Advice {
            steps = List.copyOf(steps);
            commands = List.copyOf(commands);
        }
    }

    /**
     * One line that can be pasted into a POSIX shell. A channel shows all of it or none of it.
     *
     * @param purpose what it is for, in one phrase
     */
    record ShellCommand(String purpose, String line) {}

    /** What happened so far, oldest first. */
    record Timeline(List<Moment> moments) implements NoticeBlock {

        public Timeline {
            moments = List.copyOf(moments);
        }
    }

    /** One step of the story. */
    record Moment(Instant at, Prose what) {}

    /** Where to look, most useful first. */
    record Links(List<Link> links) implements NoticeBlock {

        public Links {
            links = List.copyOf(links);
        }
    }

    /**
     * A labeled address of the AWS console.
     *
     * @param id stable through all revisions of the notice, such as {@code logs}
     */
    record Link(String id, String label, String url) {}

    /** Small print: incident id, mode, what the guard could not see. */
    record Footer(List<Prose> items) implements NoticeBlock {

        public Footer {
            items = List.copyOf(items);
        }
    }
}
