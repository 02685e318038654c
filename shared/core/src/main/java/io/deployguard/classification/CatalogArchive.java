package io.deployguard.classification;

import io.deployguard.classification.Probe.Expression;
import io.deployguard.classification.Rule.Condition;
import io.deployguard.classification.Rule.Side;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Causes as bytes: what their files say without the examples, and what each pattern requires. Reading them takes a tenth of reading YAML and parsing
 * patterns, which a function would do at every cold start; so the build writes the bundled causes down in this form ({@link CatalogCompiler}).
 * Only the same build reads it: it has no version. The same causes are the same bytes.
 */
final class CatalogArchive {

    private CatalogArchive() {}

    static byte[] write(List<Cause> causes) {
        var bytes = new ByteArrayOutputStream();
        try {
            new Writer(new DataOutputStream(bytes)).list(causes, Writer::cause);
        } catch (IOException inMemory) {
            throw new UncheckedIOException(inMemory);
        }
        return bytes.toByteArray();
    }

    static List<Cause> read(byte[] bytes) {
        try {
            return new Reader(new DataInputStream(new ByteArrayInputStream(bytes))).list(Reader::cause);
        } catch (IOException damaged) {
            throw new UncheckedIOException("catalogue: the archive is damaged; build it anew", damaged);
        }
    }

    /** Mirrors {@link Reader}, method by method. */
    private record Writer(DataOutputStream out) {

        private interface Written<T> {
            void write(Writer writer, T value) throws IOException;
        }

        <T> void list(List<T> values, Written<T> part) throws IOException {
            out.writeInt(values.size());
            for (T value : values) {
                part.write(this, value);
            }
        }

        <T> void optional(Optional<T> value, Written<T> part) throws IOException {
            list(value.stream().toList(), part);
        }

        void text(String text) throws IOException {
            out.writeUTF(text);
        }

        void flag(boolean flag) throws IOException {
            out.writeBoolean(flag);
        }

        void number(int number) throws IOException {
            out.writeInt(number);
        }

        void word(Enum<?> word) throws IOException {
            text(word.name());
        }

        void names(Set<String> names) throws IOException {
            list(names.stream().sorted().toList(), Writer::text);
        }

        void cause(Cause cause) throws IOException {
            text(cause.id().value());
            text(cause.title());
            text(cause.summary());
            word(cause.rollback());
            flag(cause.hopeless());
            list(List.copyOf(new TreeMap<>(cause.rollbackWhen()).entrySet()), Writer::answer);
            names(cause.beats());
            list(cause.remedies(), Writer::remedy);
            list(cause.clearedBy(), Writer::probe);
            list(cause.names(), Writer::condition);
            list(cause.rules(), Writer::rule);
        }

        private void answer(Map.Entry<String, RollbackHelps> answer) throws IOException {
            text(answer.getKey());
            word(answer.getValue());
        }

        private void remedy(Remedy remedy) throws IOException {
            switch (remedy) {
                case Remedy.Advice(var advice) -> {
                    flag(false);
                    text(advice);
                }
                case Remedy.Automatic(var action) -> {
                    flag(true);
                    text(action);
                }
            }
        }

        private void rule(Rule rule) throws IOException {
            text(rule.id());
            flag(rule.proven());
            word(rule.weight());
            probe(rule.probe());
            list(rule.requires(), Writer::condition);
            list(rule.excludes(), Writer::condition);
            list(rule.context(), Writer::condition);
            optional(rule.key(), Writer::text);
            flag(rule.anyLevel());
            flag(rule.whileUp());
            out.writeDouble(rule.confidence());
            optional(rule.rollback(), Writer::word);
            optional(rule.hopeless(), Writer::flag);
            names(rule.beats());
            text(rule.source());
        }

        private void condition(Condition condition) throws IOException {
            probe(condition.probe());
            optional(condition.lines(), Writer::number);
            word(condition.side());
            optional(condition.until(), Writer::probe);
        }

        private void probe(Probe probe) throws IOException {
            list(probe.in().stream().sorted().toList(), Writer::word);
            list(probe.literals(), Writer::text);
            list(probe.patterns(), Writer::expression);
            number(probe.across());
            list(probe.unless(), Writer::expression);
        }

        private void expression(Expression expression) throws IOException {
            text(expression.text());
            requirement(expression.requirement());
        }

        private void requirement(Requirement requirement) throws IOException {
            switch (requirement) {
                case Requirement.Nothing _ -> out.writeByte(NOTHING);
                case Requirement.Literal literal -> {
                    out.writeByte(LITERAL);
                    text(literal.text());
                    number(literal.before());
                }
                case Requirement.AllOf all -> {
                    out.writeByte(ALL_OF);
                    list(all.parts(), Writer::requirement);
                }
                case Requirement.OneOf any -> {
                    out.writeByte(ONE_OF);
                    list(any.parts(), Writer::requirement);
                }
            }
        }
    }

    private static final int NOTHING = 0;
    private static final int LITERAL = 1;
    private static final int ALL_OF = 2;
    private static final int ONE_OF = 3;

    private record Reader(DataInputStream in) {

        private interface Element<T> {
            T read(Reader reader) throws IOException;
        }

        <T> List<T> list(Element<T> part) throws IOException {
            int size = in.readInt();
            var values = new ArrayList<T>(size);
            for (int index = 0; index < size; index++) {
                values.add(part.read(this));
            }
            return values;
        }

        <T> Optional<T> optional(Element<T> part) throws IOException {
            List<T> values = list(part);
            return values.isEmpty() ? Optional.empty() : Optional.of(values.getFirst());
        }

        private String text() throws IOException {
            return in.readUTF();
        }

        private boolean flag() throws IOException {
            return in.readBoolean();
        }

        private int number() throws IOException {
            return in.readInt();
        }

        private <T extends Enum<T>> T word(Class<T> words) throws IOException {
            return Enum.valueOf(words, text());
        }

        private Set<String> names() throws IOException {
            return new HashSet<>(list(Reader::text));
        }

        private RollbackHelps answer() throws IOException {
            return word(RollbackHelps.class);
        }

        Cause cause() throws IOException {
            return new Cause(
                    new CauseId(text()),
                    text(),
                    text(),
                    answer(),
                    flag(),
                    rollbackWhen(),
                    names(),
                    list(Reader::remedy),
                    list(Reader::probe),
                    list(Reader::condition),
                    list(Reader::rule));
        }

        private Map<String, RollbackHelps> rollbackWhen() throws IOException {
            var when = new HashMap<String, RollbackHelps>();
            int size = in.readInt();
            for (int index = 0; index < size; index++) {
                when.put(text(), answer());
            }
            return when;
        }

        private Remedy remedy() throws IOException {
            return flag() ? new Remedy.Automatic(text()) : new Remedy.Advice(text());
        }

        private Rule rule() throws IOException {
            return new Rule(
                    text(),
                    flag(),
                    word(Weight.class),
                    probe(),
                    list(Reader::condition),
                    list(Reader::condition),
                    list(Reader::condition),
                    optional(Reader::text),
                    flag(),
                    flag(),
                    in.readDouble(),
                    optional(Reader::answer),
                    optional(Reader::flag),
                    names(),
                    text(),
                    List.of(),
                    List.of());
        }

        private Condition condition() throws IOException {
            return new Condition(probe(), optional(Reader::number), word(Side.class), optional(Reader::probe));
        }

        private Probe probe() throws IOException {
            var places = EnumSet.noneOf(Place.class);
            places.addAll(list(reader -> reader.word(Place.class)));
            return new Probe(places, list(Reader::text), list(Reader::expression), number(), list(Reader::expression));
        }

        private Expression expression() throws IOException {
            return new Expression(text(), requirement());
        }

        private Requirement requirement() throws IOException {
            int kind = in.readByte();
            return switch (kind) {
                case NOTHING -> new Requirement.Nothing();
                case LITERAL -> new Requirement.Literal(text(), number());
                case ALL_OF -> new Requirement.AllOf(list(Reader::requirement));
                case ONE_OF -> new Requirement.OneOf(list(Reader::requirement));
                default -> throw new IOException("requirement: expected a kind up to " + ONE_OF + ", got " + kind);
            };
        }
    }
}
