package io.deployguard.doctor;

import java.util.function.Function;
import java.util.stream.Stream;

/** Something that had to be asked for. */
public sealed interface Look<T> {

    /** The answer. */
    record Seen<T>(T value) implements Look<T> {}

    /**
     * No answer.
     *
     * @param because what was asked for, what happened, and what to do
     */
    record Unseen<T>(String because) implements Look<T> {}

    /** What follows from the answer; without one, that it cannot be checked. */
    default Stream<Result> judge(String field, Function<T, Stream<Result>> judgement) {
        return switch (this) {
            case Seen<T>(var value) -> judgement.apply(value);
            case Unseen<T>(var because) -> Stream.of(new Result.NotCheckable(field, because));
        };
    }
}
