package io.deployguard.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code docs/configuration.md} names every setting, and the default it names is the one that is in force. */
class ConfigurationPageTest {

    private static final Path PAGE = Path.of("../../docs/configuration.md");
    private static final Pattern NAME = Pattern.compile("DEPLOY_GUARD_[A-Z_]+");

    record Setting(String name, String documentedDefault) {
        @Override
        public String toString() {
            return name + " = " + documentedDefault;
        }
    }

    @Test
    void everySettingIsOnThePageAndNoOther() throws IllegalAccessException {
        var read = new TreeSet<String>();
        for (var type : Stream.concat(
                        Stream.of(RuntimeSettings.class),
                        ChannelKind.ALL.stream().map(Object::getClass))
                .toList()) {
            for (var field : type.getDeclaredFields()) {
                if (isName(field)
                        && field.get(null) instanceof String name
                        && NAME.matcher(name).matches()) {
                    read.add(name);
                }
            }
        }
        var documented = rows().flatMap(row -> NAME.matcher(row).results())
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(documented).isEqualTo(read);
    }

    static List<Setting> settingsWithADefault() {
        return rows().map(row -> row.split("\\|", -1))
                .filter(cells -> !cells[2].strip().equals("none"))
                .flatMap(cells -> NAME.matcher(cells[1])
                        .results()
                        .map(name -> new Setting(name.group(), cells[2].strip().replace("`", ""))))
                // Not values but words: what Slack's and GitHub's own addresses and the system's clock are.
                .filter(setting -> !setting.name().equals(SlackChannel.API_URL)
                        && !setting.name().equals(GithubChannel.API_URL)
                        && !setting.name().equals(RuntimeSettings.CLOCK))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("settingsWithADefault")
    void settingTheDocumentedDefaultChangesNothing(Setting setting) {
        var unset = RuntimeSettings.of(Map.of());
        var set = RuntimeSettings.of(Map.of(setting.name(), setting.documentedDefault()));

        assertThat(set.guard()).isEqualTo(unset.guard());
        assertThat(set.retention()).isEqualTo(unset.retention());
        assertThat(set.weeklyReport()).isEqualTo(unset.weeklyReport());
    }

    /** Else the test above would pass on a page that names nothing. */
    @Test
    void thePageNamesDefaults() {
        assertThat(settingsWithADefault())
                .extracting(Setting::name)
                .contains(RuntimeSettings.MODE, RuntimeSettings.SILENCE, RuntimeSettings.RETENTION)
                .hasSizeGreaterThan(10);
    }

    private static boolean isName(Field field) {
        return Modifier.isStatic(field.getModifiers()) && field.getType() == String.class;
    }

    private static Stream<String> rows() {
        try {
            return Arrays.stream(Files.readString(PAGE).split("\n"))
                    .filter(line -> line.startsWith("| `")
                            && NAME.matcher(line.split("\\|", -1)[1]).find());
        } catch (IOException unreadable) {
            throw new UncheckedIOException("read " + PAGE, unreadable);
        }
    }
}
