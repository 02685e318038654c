package io.deployguard.classification;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.deployguard.classification.Probe.Expression;
import io.deployguard.classification.Rule.Condition;
import io.deployguard.classification.Rule.Side;
import io.deployguard.classification.YamlMap.Problems;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads one cause's file; {@code docs/adding-a-cause.md} describes the fields. */
final class CauseFile {

    private static final int MOST_LINES = 12;
    private static final LoadSettings SETTINGS =
            // Aliases of lists and mappings could name themselves, or grow into millions of nodes.
            LoadSettings.builder()
                    .setUseMarks(true)
                    .setCodePointLimit(16 << 20)
                    .setMaxAliasesForCollections(0)
                    .build();
    private static final Map<String, RollbackHelps> ROLLBACK = Map.of(
            "helps",
            RollbackHelps.HELPS,
            "does-not-help",
            RollbackHelps.DOES_NOT_HELP,
            "depends",
            RollbackHelps.DEPENDS);
    private static final Set<String> RETRY = Set.of("hopeless", "may-help");

    /** Fields by which a cause is told apart and judged. A file of rules for a bundled cause has none of them. */
    private static final List<String> OF_THE_CAUSE_ALONE =
            List.of("rollback-when", "beats", "remedies", "cleared-by", "names");

    private final Problems problems;
    private final ExampleReader examples;
    private final boolean thorough;
    private final Map<CauseId, Cause> bundled;
    private final List<Mention> rules = new ArrayList<>();
    private final List<Mention> references = new ArrayList<>();

    /** A name in a file, and where it stands. */
    record Mention(String field, String name, Node at) {}

    /**
     * A file that was read.
     *
     * @param cause with the rules of this file alone
     * @param rules the ids that its rules have
     * @param references ids of causes or rules, of this file or others, that it names
     * @param problems of this file, to which those between files are added
     */
    record Parsed(Cause cause, List<Mention> rules, List<Mention> references, Problems problems) {}

    /**
     * @param thorough whether patterns are compiled and held against their literals; the built-in files are, by a test
     * @param bundled causes that a file may add rules to
     */
    private CauseFile(Problems problems, boolean thorough, Map<CauseId, Cause> bundled) {
        this.problems = problems;
        this.examples = new ExampleReader(problems);
        this.thorough = thorough;
        this.bundled = bundled;
    }

    /** The cause in {@code text}, absent when the file is beyond reading; all that is wrong goes to {@code problems}. */
    static Optional<Parsed> read(String text, Problems problems, boolean thorough, Map<CauseId, Cause> bundled) {
        try {
            Optional<Node> root = new Compose(SETTINGS).composeString(thorough ? text : withoutExamples(text));
            if (root.isEmpty()) {
                problems.add("is empty");
                return Optional.empty();
            }
            return Optional.of(new CauseFile(problems, thorough, bundled).parse(new YamlMap(root.get(), problems)));
        } catch (YamlEngineException malformed) {
            problems.add("is no YAML: " + String.valueOf(malformed.getMessage()).replace('\n', ' '));
            return Optional.empty();
        } catch (StackOverflowError tooDeep) {
            problems.add("is nested too deeply");
            return Optional.empty();
        }
    }

    /** Examples are more than half of a file and matter to tests and pages only: a function's cold start goes without them. */
    private static String withoutExamples(String text) {
        var kept = new StringBuilder(text.length());
        boolean inExamples = false;
        for (String line : text.lines().toList()) {
            boolean begins = line.equals("    examples:") || line.equals("    counter-examples:");
            boolean deeper = line.isBlank() || line.startsWith("     ");
            inExamples = begins || (inExamples && deeper);
            // Their lines stay, empty, so that a problem's line number is right.
            kept.append(inExamples ? "" : line).append('\n');
        }
        return kept.toString();
    }

    private Parsed parse(YamlMap map) {
        CauseId id = causeId(map);
        Cause cause = bundled.containsKey(id) ? moreRules(map, bundled.get(id)) : cause(map, id);
        map.refuseOthers();
        return new Parsed(cause, rules, references, problems);
    }

    /** A user's file for a bundled cause adds rules to it. What it says of the cause besides must be what the cause says. */
    private Cause moreRules(YamlMap map, Cause known) {
        String reason = known.id() + " is a bundled cause; a file of yours adds rules to it and leaves it as it is";
        // They name the cause for whoever reads the file.
        map.findText("title");
        map.findText("summary");
        rollback(map, "rollback")
                .filter(answer -> answer != known.rollback())
                .ifPresent(_ -> problems.add(
                        map.at("rollback"), "rollback: " + reason + "; a rule may have a rollback of its own"));
        map.findWord("retry", RETRY)
                .map("hopeless"::equals)
                .filter(hopeless -> hopeless != known.hopeless())
                .ifPresent(_ ->
                        problems.add(map.at("retry"), "retry: " + reason + "; a rule may have a retry of its own"));
        for (String field : OF_THE_CAUSE_ALONE) {
            if (map.find(field).isPresent()) {
                problems.add(map.at(field), field + ": " + reason);
            }
        }
        return known.ruledBy(map.maps("rules").stream().map(this::rule).toList());
    }

    private Cause cause(YamlMap map, CauseId id) {
        return new Cause(
                id,
                map.text("title"),
                map.text("summary"),
                rollback(map, "rollback").orElseGet(() -> required(map, "rollback")),
                map.findWord("retry", RETRY).map("hopeless"::equals).orElse(false),
                rollbackWhen(map),
                beats(map),
                map.maps("remedies").stream().map(this::remedy).toList(),
                map.maps("cleared-by").stream().map(this::clearing).toList(),
                names(map),
                map.maps("rules").stream().map(this::rule).toList());
    }

    private Set<String> beats(YamlMap map) {
        for (Node node : map.nodes("beats")) {
            if (node instanceof ScalarNode scalar && !scalar.getValue().equals("*")) {
                references.add(new Mention("beats", scalar.getValue(), node));
            }
        }
        return Set.copyOf(map.texts("beats"));
    }

    private Rule.Example example(YamlMap map) {
        Rule.Example example = examples.read(map);
        Optional.ofNullable(example.expect().get("cause"))
                .ifPresent(cause -> references.add(new Mention("expect", cause, map.at("expect"))));
        return example;
    }

    private CauseId causeId(YamlMap map) {
        String id = map.text("id");
        try {
            return new CauseId(id);
        } catch (IllegalArgumentException malformed) {
            problems.add(map.at("id"), String.valueOf(malformed.getMessage()));
            return CauseId.UNKNOWN;
        }
    }

    private RollbackHelps required(YamlMap map, String name) {
        if (!map.has(name)) {
            problems.add(map.node(), name + ": is missing");
        }
        return RollbackHelps.DEPENDS;
    }

    private static Optional<RollbackHelps> rollback(YamlMap map, String name) {
        return map.findWord(name, ROLLBACK.keySet()).map(ROLLBACK::get);
    }

    private Map<String, RollbackHelps> rollbackWhen(YamlMap map) {
        var when = new HashMap<String, RollbackHelps>();
        map.textByName("rollback-when").forEach((fact, answer) -> {
            if (ROLLBACK.containsKey(answer)) {
                when.put(fact, ROLLBACK.get(answer));
            } else {
                problems.add(
                        map.at("rollback-when"),
                        "rollback-when: expected one of " + ROLLBACK.keySet() + ", got " + answer);
            }
            if (!Facts.NAMES.contains(fact)) {
                problems.add(
                        map.at("rollback-when"),
                        "rollback-when: no fact is called " + fact + "; known are " + Facts.NAMES);
            }
        });
        return when;
    }

    private Remedy remedy(YamlMap map) {
        Optional<String> advice = map.findText("advice");
        Optional<String> action = map.findText("action");
        if (advice.isPresent() == action.isPresent()) {
            problems.add(map.node(), "remedies: expected advice or action");
        }
        map.refuseOthers();
        return action.<Remedy>map(Remedy.Automatic::new).orElseGet(() -> new Remedy.Advice(advice.orElse("")));
    }

    private Probe clearing(YamlMap map) {
        Probe probe = probe(map, Set.of(Place.LOG));
        map.refuseOthers();
        return probe;
    }

    private Rule rule(YamlMap map) {
        Optional<String> fact = map.findText("fact");
        Probe probe = fact.map(name -> factProbe(map, name)).orElseGet(() -> probe(map, Set.of(Place.LOG)));
        String id = map.text("id");
        rules.add(new Mention("id", id, map.at("id")));
        var rule = new Rule(
                id,
                map.findWord("maturity", Set.of("proven", "trial"))
                        .map("proven"::equals)
                        .orElse(false),
                weight(map),
                probe,
                conditions(map, "requires"),
                conditions(map, "excludes"),
                conditions(map, "context"),
                map.findText("key"),
                map.flag("any-level"),
                map.flag("while-up"),
                map.findNumber("confidence", 0.05, 1).orElseGet(() -> {
                    required(map, "confidence");
                    return 0.5;
                }),
                rollback(map, "rollback"),
                map.findWord("retry", RETRY).map("hopeless"::equals),
                beats(map),
                map.text("source"),
                map.maps("examples").stream().map(this::example).toList(),
                map.maps("counter-examples").stream().map(this::example).toList());
        map.refuseOthers();
        return rule;
    }

    private static Weight weight(YamlMap map) {
        return map.findWord("weight", Set.of("root", "symptom", "headline"))
                .flatMap(Weight::find)
                .orElse(Weight.ROOT);
    }

    private Probe factProbe(YamlMap map, String name) {
        if (!Facts.NAMES.contains(name)) {
            problems.add(map.at("fact"), "fact: no fact is called " + name + "; known are " + Facts.NAMES);
        }
        List<String> patterns = map.texts("pattern").isEmpty() ? List.of("^" + name + ": ") : map.texts("pattern");
        return new Probe(
                EnumSet.of(Place.FACT), List.of(name + ":"), expressions(map, "pattern", patterns), 1, List.of());
    }

    /** Where names may stand. These are looked for around a match, so that no literal has to lead to them. */
    private List<Condition> names(YamlMap map) {
        return conditions(map, "names", each -> probe(each, Set.of(Place.LOG), this::declaredLiterals));
    }

    /** The fields that lead to a place in the evidence: in, literal, pattern, across, unless. */
    private Probe probe(YamlMap map, Set<Place> usual) {
        return probe(map, usual, this::literals);
    }

    private Probe probe(YamlMap map, Set<Place> usual, BiFunction<YamlMap, List<Expression>, List<String>> entries) {
        var places = EnumSet.noneOf(Place.class);
        for (String name : map.texts("in")) {
            Place.find(name)
                    .ifPresentOrElse(places::add, () -> problems.add(map.at("in"), "in: no place is called " + name));
        }
        List<String> texts = map.texts("pattern");
        List<Expression> patterns = expressions(
                map, "pattern", texts.isEmpty() ? literalPatterns(declaredLiterals(map, List.of())) : texts);
        List<String> literals = entries.apply(map, patterns);
        if (thorough) {
            checkLiterals(map, patterns, literals);
        }
        int across =
                map.findNumber("across", 1, MOST_LINES).map(Double::intValue).orElse(1);
        return new Probe(
                places.isEmpty() ? usual : places,
                literals,
                patterns,
                across,
                expressions(map, "unless", map.texts("unless")));
    }

    private static List<String> literalPatterns(List<String> literals) {
        return literals.stream().map(each -> "(?i)" + Pattern.quote(each)).toList();
    }

    private List<Expression> expressions(YamlMap map, String field, List<String> texts) {
        var expressions = new ArrayList<Expression>();
        for (String text : texts) {
            var expression = new Expression(text);
            try {
                if (thorough) {
                    expression.compile();
                }
                expressions.add(expression);
            } catch (PatternSyntaxException malformed) {
                problems.add(map.at(field), field + ": " + malformed.getMessage());
            }
        }
        return expressions;
    }

    private List<String> literals(YamlMap map, List<Expression> patterns) {
        List<String> declared = declaredLiterals(map, patterns);
        return declared.isEmpty() ? derivedLiterals(map, patterns) : declared;
    }

    private List<String> declaredLiterals(YamlMap map, List<Expression> patterns) {
        return map.texts("literal").stream()
                .map(each -> each.toLowerCase(Locale.ROOT))
                .toList();
    }

    private List<String> derivedLiterals(YamlMap map, List<Expression> patterns) {
        var literals = new ArrayList<String>();
        for (Expression pattern : patterns) {
            List<String> entry = pattern.requirement().entry().stream()
                    .map(Requirement.Literal::text)
                    .toList();
            if (entry.isEmpty()) {
                problems.add(
                        map.at("pattern"),
                        "pattern: has no plain text of three characters or more that every match must hold; add some, or declare a literal: "
                                + pattern.text());
            }
            literals.addAll(entry);
        }
        return literals.stream().distinct().toList();
    }

    private void checkLiterals(YamlMap map, List<Expression> patterns, List<String> literals) {
        if (patterns.isEmpty() || literals.stream().anyMatch(each -> each.length() < 2)) {
            problems.add(map.node(), "literal: expected a pattern, or at least one text of two characters or more");
        }
        for (Expression pattern : patterns) {
            if (map.has("literal") && !RequiredLiterals.hold(pattern.text(), literals)) {
                problems.add(
                        map.at("pattern"),
                        "pattern: can match a text that has none of the literals " + literals + ": " + pattern.text());
            }
        }
    }

    private List<Condition> conditions(YamlMap map, String name) {
        return conditions(map, name, each -> probe(each, Set.of(Place.LOG)));
    }

    private List<Condition> conditions(YamlMap map, String name, Function<YamlMap, Probe> probes) {
        var conditions = new ArrayList<Condition>();
        for (Node node : map.nodes(name)) {
            if (node instanceof ScalarNode) {
                problems.add(node, name + ": expected fields (in, literal, pattern, lines, side), got text");
                continue;
            }
            var condition = new YamlMap(node, problems);
            Optional<String> fact = condition.findText("fact");
            Probe probe = fact.map(each -> factProbe(condition, each)).orElseGet(() -> probes.apply(condition));
            Side side = condition
                    .findWord("side", Set.of("any", "before", "after"))
                    .map(word -> Side.valueOf(word.toUpperCase(Locale.ROOT)))
                    .orElse(Side.ANY);
            conditions.add(new Condition(
                    probe, condition.findNumber("lines", 0, 100_000).map(Double::intValue), side, until(condition)));
            condition.refuseOthers();
        }
        return conditions;
    }

    private Optional<Probe> until(YamlMap map) {
        List<Expression> patterns = expressions(map, "until", map.texts("until"));
        return patterns.isEmpty()
                ? Optional.empty()
                : Optional.of(new Probe(Set.of(Place.LOG), derivedLiterals(map, patterns), patterns, 1, List.of()));
    }
}
