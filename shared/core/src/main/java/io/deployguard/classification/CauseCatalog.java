package io.deployguard.classification;

import io.deployguard.classification.CauseFile.Mention;
import io.deployguard.classification.CauseFile.Parsed;
import io.deployguard.classification.YamlMap.Problems;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All causes the guard can name, and their rules. Threads may share it.
 *
 * <p>Every cause is one file of {@code resources/catalog}; {@code docs/adding-a-cause.md} tells how to write one.
 */
public final class CauseCatalog {

    private static final String FOLDER = "/catalog/";
    /** The folder is found through a file in it: a look-up of the bare folder fails in a jar without folder entries. */
    private static final String KNOWN_FILE = FOLDER + "unknown.yaml";
    /** What the build makes of the files. */
    static final String ARCHIVE = "/catalog.bin";

    private final Map<CauseId, Cause> causes;
    private final List<ProbeUse> uses;
    private @Nullable ProbeIndex index;

    /** What a probe is for. */
    record ProbeUse(Probe probe, Cause cause) {}

    /** Ids of the rules that are an operator's own. */
    private final Set<String> added;

    private CauseCatalog(List<Cause> causes, Set<String> added) {
        this.added = Set.copyOf(added);
        var byId = new LinkedHashMap<CauseId, Cause>();
        causes.forEach(cause -> byId.put(cause.id(), cause));
        this.causes = Collections.unmodifiableMap(byId);
        this.uses = causes.stream().flatMap(CauseCatalog::usesOf).toList();
    }

    private static Stream<ProbeUse> usesOf(Cause cause) {
        Stream<Probe> rules = cause.rules().stream()
                .flatMap(rule -> Stream.concat(
                        Stream.of(rule.probe()),
                        Stream.of(rule.requires(), rule.excludes(), rule.context())
                                .flatMap(List::stream)
                                .flatMap(Rule.Condition::probes)));
        return Stream.concat(cause.clearedBy().stream(), rules).map(probe -> new ProbeUse(probe, cause));
    }

    /** The bundled causes, as the build has written them down; where it has not, as in an IDE, from their files. */
    public static CauseCatalog load() {
        try (InputStream archive = CauseCatalog.class.getResourceAsStream(ARCHIVE)) {
            return new CauseCatalog(
                    archive == null ? filedBuiltIn() : CatalogArchive.read(archive.readAllBytes()), Set.of());
        } catch (IOException unreadable) {
            throw new UncheckedIOException("catalogue: cannot read " + ARCHIVE, unreadable);
        }
    }

    /** The bundled causes from their files, without examples. */
    static List<Cause> filedBuiltIn() {
        return parseBuiltIn(false).stream().map(Parsed::cause).toList();
    }

    /**
     * A catalogue to which an operator's own documents were added.
     *
     * @param problems one sentence for each fault, beginning with the document's name and, where there is one, the line
     */
    public record Extended(CauseCatalog catalog, List<String> problems) {

        public Extended {
            problems = List.copyOf(problems);
        }
    }

    /**
     * These causes, and those of an operator's own documents. A document whose {@code id} is a bundled cause adds its rules to that cause; a rule
     * whose id is taken, or one that names a cause or rule which is not there, is a fault. A document with a fault is left out as a whole, the
     * others count.
     */
    public Extended with(List<RuleDocument> documents) {
        var problems = new ArrayList<String>();
        var sound = new ArrayList<Parsed>();
        for (RuleDocument document : documents) {
            var found = new Problems(document.name());
            Optional<Parsed> parsed = CauseFile.read(document.text(), found, true, causes);
            if (found.found().isEmpty()) {
                parsed.ifPresent(sound::add);
            }
            problems.addAll(found.found());
        }
        boolean leftOut;
        do {
            // What is left out takes names with it that others may refer to.
            problems.addAll(faultsBetween(causes(), sound));
            leftOut = sound.removeIf(parsed -> !parsed.problems().found().isEmpty());
        } while (leftOut);
        if (sound.isEmpty()) {
            return new Extended(this, problems);
        }
        var extended = new LinkedHashMap<>(causes);
        var own = new HashSet<>(added);
        for (Parsed parsed : sound) {
            parsed.cause().rules().forEach(rule -> own.add(rule.id()));
            extended.merge(parsed.cause().id(), parsed.cause(), (known, more) -> known.withRules(more.rules()));
        }
        return new Extended(new CauseCatalog(List.copyOf(extended.values()), own), problems);
    }

    /** Every known cause, in order of the files' names. */
    public List<CauseId> ids() {
        return List.copyOf(causes.keySet());
    }

    Optional<Cause> find(CauseId id) {
        return Optional.ofNullable(causes.get(id));
    }

    /** Whether an operator wrote the rule. */
    boolean isAdded(Rule rule) {
        return added.contains(rule.id());
    }

    List<Cause> causes() {
        return List.copyOf(causes.values());
    }

    List<ProbeUse> uses() {
        return uses;
    }

    /** Made when it is first needed: most events need no diagnosis. */
    synchronized ProbeIndex index() {
        ProbeIndex known = index;
        if (known == null) {
            known = new ProbeIndex(uses.stream().map(ProbeUse::probe).toList());
            index = known;
        }
        return known;
    }

    /** Checks the bundled files as strictly as a user's; a test calls it, so that a start need not. */
    static List<Cause> checkedBuiltIn() {
        List<Parsed> checked = parseBuiltIn(true);
        List<String> problems = faultsBetween(List.of(), checked);
        if (!problems.isEmpty()) {
            throw new CatalogException(problems);
        }
        return checked.stream().map(Parsed::cause).toList();
    }

    private static List<Parsed> parseBuiltIn(boolean thorough) {
        var files = new ArrayList<Parsed>();
        var problems = new ArrayList<String>();
        builtIn().forEach((name, text) -> {
            var found = new Problems(name);
            CauseFile.read(text, found, thorough, Map.of()).ifPresent(files::add);
            problems.addAll(found.found());
        });
        if (!problems.isEmpty()) {
            throw new CatalogException(problems);
        }
        return files;
    }

    /** Rules of one name, two judgements of one cause, references that lead nowhere; each is also kept with its file. */
    private static List<String> faultsBetween(List<Cause> known, List<Parsed> files) {
        var faults = new ArrayList<String>();
        var owners = new HashMap<String, CauseId>();
        var judged = new HashMap<CauseId, Cause>();
        for (Cause cause : known) {
            judged.put(cause.id(), cause);
            cause.rules().forEach(rule -> owners.put(rule.id(), cause.id()));
        }
        for (Parsed file : files) {
            Cause cause = file.cause();
            Cause earlier = judged.putIfAbsent(cause.id(), cause);
            if (earlier != null && !earlier.judgesAs(cause)) {
                faults.add(
                        file.problems().add("tells otherwise of the cause " + cause.id() + " than another document"));
            }
            for (Mention rule : file.rules()) {
                CauseId owner = owners.putIfAbsent(rule.name(), cause.id());
                if (owner != null) {
                    faults.add(file.problems()
                            .add(
                                    rule.at(),
                                    "id: rule " + rule.name() + " is already in " + owner + "; choose another id"));
                }
            }
        }
        for (Parsed file : files) {
            for (Mention reference : file.references()) {
                boolean isRule = owners.containsKey(reference.name())
                        && reference.field().equals("beats");
                if (!isRule
                        && judged.keySet().stream().noneMatch(id -> id.value().equals(reference.name()))) {
                    faults.add(file.problems()
                            .add(
                                    reference.at(),
                                    "%s: no cause%s is called %s"
                                            .formatted(
                                                    reference.field(),
                                                    reference.field().equals("beats") ? " or rule" : "",
                                                    reference.name())));
                }
            }
        }
        return faults;
    }

    private static Map<String, String> builtIn() {
        URL known = CauseCatalog.class.getResource(KNOWN_FILE);
        if (known == null) {
            throw new IllegalStateException("catalogue: " + KNOWN_FILE + " is not on the class path");
        }
        try {
            if (!(known.openConnection() instanceof JarURLConnection inJar)) {
                return read(Path.of(known.toURI()).resolveSibling("."));
            }
            // By its path: by its URI the whole process could open it only once at a time.
            try (FileSystem jar =
                    FileSystems.newFileSystem(Path.of(inJar.getJarFileURL().toURI()))) {
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
