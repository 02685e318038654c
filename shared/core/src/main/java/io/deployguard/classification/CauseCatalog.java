package io.deployguard.classification;

import io.deployguard.classification.YamlMap.Problems;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * All causes the guard can name, and their rules. Built once, then only read: threads may share it.
 *
 * <p>Every cause is one file of {@code resources/catalog}; {@code docs/adding-a-cause.md} tells how to write one.
 */
public final class CauseCatalog {

    private static final String FOLDER = "/catalog/";
    /** The folder is found through a file in it: a look-up of the bare folder fails in a jar without folder entries. */
    private static final String KNOWN_FILE = FOLDER + "unknown.yaml";

    private final Map<CauseId, Cause> causes;
    private final List<ProbeUse> uses;
    private final ProbeIndex index;

    /** What a probe is for. */
    record ProbeUse(Probe probe, Cause cause) {}

    private CauseCatalog(List<Cause> causes) {
        var byId = new LinkedHashMap<CauseId, Cause>();
        causes.forEach(cause -> byId.put(cause.id(), cause));
        this.causes = Collections.unmodifiableMap(byId);
        this.uses = causes.stream().flatMap(CauseCatalog::usesOf).toList();
        this.index = new ProbeIndex(uses.stream().map(ProbeUse::probe).toList());
    }

    private static Stream<ProbeUse> usesOf(Cause cause) {
        Stream<Probe> rules = cause.rules().stream()
                .flatMap(rule -> Stream.concat(
                        Stream.of(rule.probe()),
                        Stream.of(rule.requires(), rule.excludes(), rule.context())
                                .flatMap(List::stream)
                                .map(Rule.Condition::probe)));
        return Stream.concat(cause.clearedBy().stream(), rules).map(probe -> new ProbeUse(probe, cause));
    }

    /** The built-in causes. */
    public static CauseCatalog load() {
        return new CauseCatalog(parse(builtIn(), false));
    }

    /**
     * The built-in causes, and the rules in a user's folder of the same YAML. A file whose {@code id} is a built-in cause adds its rules to
     * that cause.
     *
     * @throws CatalogException naming every fault with its file and line
     */
    public static CauseCatalog load(Path folder) {
        var all = new ArrayList<>(parse(builtIn(), false));
        for (Cause cause : parse(read(folder), true)) {
            int known = all.stream().map(Cause::id).toList().indexOf(cause.id());
            if (known < 0) {
                all.add(cause);
            } else {
                all.set(known, all.get(known).withRules(cause.rules()));
            }
        }
        requireUniqueRules(all);
        return new CauseCatalog(all);
    }

    /** Every known cause, in order of the files' names. */
    public List<CauseId> ids() {
        return List.copyOf(causes.keySet());
    }

    Optional<Cause> find(CauseId id) {
        return Optional.ofNullable(causes.get(id));
    }

    List<Cause> causes() {
        return List.copyOf(causes.values());
    }

    List<ProbeUse> uses() {
        return uses;
    }

    ProbeIndex index() {
        return index;
    }

    /** Checks the built-in files as strictly as a user's; a test calls it, so that a start need not. */
    static List<Cause> checkedBuiltIn() {
        List<Cause> checked = parse(builtIn(), true);
        requireUniqueRules(checked);
        return checked;
    }

    private static List<Cause> parse(Map<String, String> files, boolean thorough) {
        var causes = new ArrayList<Cause>();
        var problems = new ArrayList<String>();
        files.forEach((name, text) -> {
            var found = new Problems(name);
            CauseFile.read(text, found, thorough).ifPresent(causes::add);
            problems.addAll(found.found());
        });
        if (!problems.isEmpty()) {
            throw new CatalogException(problems);
        }
        return causes;
    }

    private static void requireUniqueRules(List<Cause> causes) {
        var owners = new HashMap<String, CauseId>();
        var problems = new ArrayList<String>();
        for (Cause cause : causes) {
            for (Rule rule : cause.rules()) {
                CauseId owner = owners.putIfAbsent(rule.id(), cause.id());
                if (owner != null) {
                    problems.add(cause.id() + ": rule " + rule.id() + " is already in " + owner);
                }
            }
        }
        if (!problems.isEmpty()) {
            throw new CatalogException(problems);
        }
    }

    private static Map<String, String> builtIn() {
        URL known = CauseCatalog.class.getResource(KNOWN_FILE);
        if (known == null) {
            throw new IllegalStateException("catalogue: " + KNOWN_FILE + " is not on the class path");
        }
        try {
            URI uri = known.toURI();
            if (!"jar".equals(uri.getScheme())) {
                return read(Path.of(uri).resolveSibling("."));
            }
            try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
                return read(jar.getPath(FOLDER));
            }
        } catch (URISyntaxException | IOException unreadable) {
            throw new IllegalStateException("catalogue: cannot read " + known, unreadable);
        }
    }

    private static Map<String, String> read(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            var texts = new TreeMap<String, String>();
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".yaml")).toList()) {
                texts.put(String.valueOf(file.getFileName()), Files.readString(file, StandardCharsets.UTF_8));
            }
            return texts;
        } catch (IOException unreadable) {
            throw new UncheckedIOException("catalogue: cannot read the folder " + folder, unreadable);
        }
    }
}
