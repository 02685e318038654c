package io.deployguard.doctor;

/** What one check says of one place. Names of variables stand in it, their values never. */
public sealed interface Result {

    /** Nothing to complain of. */
    record Ok() implements Result {}

    /**
     * The deployment may succeed, and this is how it may not, or how nobody would notice.
     *
     * @param field as the API names it, such as {@code containerDefinitions[0].healthCheck.command}
     * @param fact what decides
     * @param advice what to do
     */
    record Warning(String field, String fact, String advice) implements Result {}

    /** ECS refuses it, or it cannot work; with the fields of {@link Warning}. */
    record Problem(String field, String fact, String advice) implements Result {}

    /**
     * It was not seen, which is not the same as in order.
     *
     * @param because what was asked for, and why there was no answer
     */
    record NotCheckable(String field, String because) implements Result {}
}
