package io.deployguard.classification;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What the catalogue looks for in single log lines, put before the same index and the same scan that a diagnosis uses. What may stop a match,
 * {@code unless}, is left out: a tool to compare with knows patterns only. For one thread.
 */
public final class LogPatterns {

    /** A scan confirms a probe on so many places of what it is given, so that each batch is confirmed in full. */
    public static final int BATCH = 240;

    private final List<Probe> probes;
    private Optional<ProbeIndex> index = Optional.empty();

    private LogPatterns(List<Probe> probes) {
        this.probes = List.copyOf(probes);
    }

    /** Every probe of the catalogue that looks at log lines one by one. */
    public static LogPatterns ofCatalog() {
        return new LogPatterns(inLogs().filter(probe -> probe.across() == 1)
                .map(probe -> new Probe(probe.in(), probe.literals(), probe.patterns(), 1, List.of()))
                .toList());
    }

    /** The patterns of the catalogue that span several lines. */
    public static Set<String> spanning() {
        var patterns = new LinkedHashSet<String>();
        inLogs().filter(probe -> probe.across() > 1).forEach(probe -> patterns.addAll(texts(probe)));
        return patterns;
    }

    private static Stream<Probe> inLogs() {
        return CauseCatalog.load().uses().stream()
                .map(CauseCatalog.ProbeUse::probe)
                .filter(probe -> probe.in().contains(Place.LOG))
                .distinct();
    }

    /** Without some patterns. */
    public LogPatterns without(Set<String> patterns) {
        Predicate<Probe.Expression> stays = expression -> !patterns.contains(expression.text());
        return new LogPatterns(probes.stream()
                .map(probe -> new Probe(
                        probe.in(),
                        probe.literals(),
                        probe.patterns().stream().filter(stays).toList(),
                        1,
                        List.of()))
                .filter(probe -> !probe.patterns().isEmpty())
                .toList());
    }

    /** Each once, in the catalogue's order. */
    public Set<String> patterns() {
        var patterns = new LinkedHashSet<String>();
        probes.forEach(probe -> patterns.addAll(texts(probe)));
        return patterns;
    }

    private static List<String> texts(Probe probe) {
        return probe.patterns().stream().map(Probe.Expression::text).toList();
    }

    /** How many of the lines, at most {@link #BATCH}, match at least one pattern. */
    public int matching(List<String> lines) {
        var scene = new ArrayList<Line>(lines.size());
        for (String text : lines) {
            scene.add(new Line(Place.LOG, scene.size(), "log", text, text, false));
        }
        index = index.or(() -> Optional.of(new ProbeIndex(probes)));
        Scan scan = Scan.of(new Scene(scene, List.of(), Scene.Outcome.FAILED), index.orElseThrow());
        var matched = new BitSet(lines.size());
        for (Probe probe : probes) {
            scan.hits(probe).forEach(hit -> matched.set(hit.line()));
        }
        return matched.cardinality();
    }
}
