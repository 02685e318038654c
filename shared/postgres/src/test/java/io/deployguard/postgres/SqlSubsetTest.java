package io.deployguard.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Keeps all SQL in the part that PostgreSQL 15 and Aurora DSQL share.
 *
 * @see <a href="https://docs.aws.amazon.com/aurora-dsql/latest/userguide/working-with-postgresql-compatibility-unsupported-features.html">What
 *     Aurora DSQL does not support</a>
 */
class SqlSubsetTest {

    private static final Path JAVA = Path.of("src/main/java");
    private static final Path RESOURCES = Path.of("src/main/resources/db");
    private static final Pattern TEXT_BLOCK = Pattern.compile("\"\"\"\\R(.*?)\"\"\"", Pattern.DOTALL);

    private static final List<String> FORBIDDEN = List.of(
            "references\\s",
            "foreign\\s+key",
            "\\b(big|small)?serial\\b",
            "\\bsequence\\b",
            "\\bnextval\\b",
            "\\bgenerated\\b",
            "\\btrigger\\b",
            "\\badvisory\\b",
            "pg_(try_)?advisory",
            "\\btemp(orary)?\\b",
            "\\bpartition\\s+(by|of)\\b",
            "\\binherits\\b",
            "\\bsavepoint\\b",
            "\\btruncate\\b",
            "\\bplpgsql\\b",
            "\\bcreate\\s+(or\\s+replace\\s+)?(function|procedure|extension|type|view|materialized|database|schema)\\b",
            "\\bdo\\s+\\$",
            "\\bjsonb?\\b",
            "\\bcollate\\b",
            "\\bvacuum\\b",
            "\\bnotify\\b",
            "\\blisten\\b",
            "\\block\\s+table\\b",
            "\\bfor\\s+(no\\s+key\\s+)?(update|share)\\b",
            "\\bskip\\s+locked\\b",
            "\\bconcurrently\\b",
            "\\barray\\b",
            "\\bany\\s*\\(",
            "\\bcreate\\s+(unique\\s+)?index\\b[^;]*\\b(where|asc|desc|using|include)\\b");

    @Test
    void staysInTheSharedSubset() throws IOException {
        var sql = allSql();

        assertThat(sql).hasSizeGreaterThan(20);
        assertThat(sql.stream().flatMap(text -> violations(text).stream())).isEmpty();
    }

    @Test
    void repeatsEveryStatementOfTheSchemaHarmlessly() {
        assertThat(SchemaFile.all().stream().flatMap(file -> file.statements().stream()))
                .allSatisfy(
                        statement -> assertThat(statement)
                                .containsPattern(
                                        "^(create table if not exists|create index if not exists|alter table \\w+ add column if not exists) "));
    }

    @Test
    void listsEveryFileOfTheFolder() throws IOException {
        try (var folder = Files.list(RESOURCES)) {
            var there = folder.map(path -> path.getFileName().toString())
                    .filter(name -> name.endsWith(".sql"))
                    .toList();

            assertThat(SchemaFile.all()).extracting(SchemaFile::name).containsExactlyInAnyOrderElementsOf(there);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "create table a (id bigserial primary key)",
                "create table a (b uuid references c (id))",
                "create index a on b (c) where d is null",
                "create index a on b (c desc)",
                "select pg_try_advisory_lock(1)",
                "select id from a for update skip locked",
                "truncate a",
                "create temp table a (b text)",
                "alter table a add column b jsonb"
            })
    void seesWhatIsForbidden(String sql) {
        assertThat(violations(sql)).isNotEmpty();
    }

    @Test
    void buildsIndexesInTheBackgroundOnDsql() {
        assertThat(Dialect.DSQL.adapt("create index if not exists a on b (c)"))
                .isEqualTo("create index async if not exists a on b (c)");
        assertThat(Dialect.DSQL.adapt("create unique index a on b (c)"))
                .isEqualTo("create unique index async a on b (c)");
        assertThat(Dialect.DSQL.adapt("create table b (c text)")).isEqualTo("create table b (c text)");
        assertThat(Dialect.POSTGRESQL.adapt("create index a on b (c)")).isEqualTo("create index a on b (c)");
    }

    private static List<String> allSql() throws IOException {
        var found = new ArrayList<String>();
        SchemaFile.all().forEach(file -> found.addAll(file.statements()));
        try (var sources = Files.walk(JAVA)) {
            for (var source :
                    sources.filter(path -> path.toString().endsWith(".java")).toList()) {
                TEXT_BLOCK.matcher(Files.readString(source)).results().forEach(block -> found.add(block.group(1)));
            }
        }
        return found;
    }

    private static List<String> violations(String sql) {
        var text = sql.toLowerCase(Locale.ROOT);
        return FORBIDDEN.stream()
                .filter(pattern -> Pattern.compile(pattern).matcher(text).find())
                .map(pattern -> pattern + " in: " + sql)
                .toList();
    }
}
