package io.deployguard.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.postgresql.ssl.DefaultJavaSSLFactory;

/**
 * Where the database is and how to log in, from one URL: {@code postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=…} or
 * {@code jdbc:postgresql://HOST:PORT/DATABASE?user=…&password=…}.
 *
 * <p>What the URL does not say: port 5432; {@code sslmode=require}, for a database on this machine {@code prefer}; 5 s to reach the server, 10 s
 * until logged in and 20 s for an answer. Every parameter of the driver may be given by its name. Texts and messages never contain the password.
 *
 * <p>Without a password: {@code postgres://USER@CLUSTER.dsql.REGION.on.aws/postgres} logs in to Aurora DSQL by IAM, and {@code auth=iam} to RDS,
 * Aurora or RDS Proxy, whose host must have AWS's own name. Whoever gets a token can log in with it, so that such a login wants
 * {@code sslmode=verify-full}, which is its default. Certificates are verified against those that Java trusts, Amazon's own among them; those of RDS
 * are not, and are named by {@code sslrootcert}.
 *
 * @param options parameters of the driver, with the defaults filled in
 * @param login who decides about it in place of a password
 * @see <a href="https://jdbc.postgresql.org/documentation/use/">parameters of the driver</a>
 */
public record ConnectionSettings(
        String host,
        int port,
        String database,
        Optional<String> user,
        Optional<String> password,
        Map<String, String> options,
        Optional<IamService> login)
        implements ConnectionSource {

    private static final String SHAPE = "postgres://USER:PASSWORD@HOST:PORT/DATABASE";
    private static final Pattern SCHEME = Pattern.compile("(?:jdbc:)?postgres(?:ql)?://", Pattern.CASE_INSENSITIVE);
    private static final Pattern HOST_AND_PORT = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^\\[\\]:,]+)(?::(.*))?");
    private static final Set<String> SSL_MODES =
            Set.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");
    private static final String AUTH = "auth";
    private static final String IAM = "iam";
    private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "[::1]");

    /** Names of libpq for what the driver calls otherwise. */
    private static final Map<String, String> ALIASES =
            Map.of("connect_timeout", "connectTimeout", "application_name", "ApplicationName");

    public ConnectionSettings {
        var all = new LinkedHashMap<String, String>();
        all.put("ApplicationName", "deploy-guard");
        all.put("connectTimeout", "5");
        // A server that takes the connection and says nothing: the socket's timeout alone would be waited for once with
        // TLS and once without.
        all.put("loginTimeout", "10");
        all.put("socketTimeout", "20");
        all.put("tcpKeepAlive", "true");
        all.put("sslmode", LOCAL.contains(host) ? "prefer" : login.isPresent() ? "verify-full" : "require");
        // The detail of an error can quote a whole row; messages travel further than rows should.
        all.put("logServerErrorDetail", "false");
        all.putAll(options);
        if (all.get("sslmode").startsWith("verify-") && !all.containsKey("sslrootcert")) {
            // The driver's own would look for a file in the home folder.
            all.putIfAbsent("sslfactory", DefaultJavaSSLFactory.class.getName());
        }
        options = Map.copyOf(all);
    }

    /** Settings of a login with a password, or without any. */
    public ConnectionSettings(
            String host,
            int port,
            String database,
            Optional<String> user,
            Optional<String> password,
            Map<String, String> options) {
        this(host, port, database, user, password, options, Optional.empty());
    }

    /**
     * Reads a database URL.
     *
     * @throws IllegalArgumentException naming the part that is wrong and what is expected, without quoting what may be secret
     */
    public static ConnectionSettings parse(String url) {
        var scheme = SCHEME.matcher(url.strip());
        if (!scheme.lookingAt()) {
            throw wrong("scheme", "postgres://, postgresql:// or jdbc:postgresql://, as in " + SHAPE);
        }
        var rest = url.strip().substring(scheme.end());
        var question = rest.indexOf('?');
        var options = parseOptions(question < 0 ? "" : rest.substring(question + 1));
        var beforeOptions = question < 0 ? rest : rest.substring(0, question);

        // The last @, since people paste passwords unencoded.
        var at = beforeOptions.lastIndexOf('@');
        var login = at < 0 ? "" : beforeOptions.substring(0, at);
        var place = beforeOptions.substring(at + 1);
        var slash = place.indexOf('/');
        if (slash < 0 || slash == place.length() - 1) {
            throw wrong("database", "a name after the host, as in " + SHAPE);
        }
        var address = HOST_AND_PORT.matcher(place.substring(0, slash));
        if (!address.matches()) {
            throw wrong("host", "one host with an optional port, as in " + SHAPE);
        }
        var colon = login.indexOf(':');
        var user = colon < 0 ? login : login.substring(0, colon);
        var password = colon < 0 ? "" : login.substring(colon + 1);
        var host = address.group(1);
        var givenUser = given(decode(user, "user"), options.remove("user"));
        var givenPassword = given(decode(password, "password"), options.remove("password"));
        var decides = login(host, options.remove(AUTH), givenPassword);
        if (decides.isPresent()) {
            requireSafe(givenUser, givenPassword, options);
        }
        return new ConnectionSettings(
                host,
                parsePort(address.group(2) == null ? "5432" : address.group(2)),
                decode(place.substring(slash + 1), "database"),
                givenUser,
                givenPassword,
                options,
                decides);
    }

    private static Optional<IamService> login(String host, @Nullable String auth, Optional<String> password) {
        if (auth != null && !auth.equals(IAM)) {
            throw wrong("parameter " + AUTH, IAM + ", or none for a password");
        }
        var service = IamService.find(host);
        if (auth != null && service.isEmpty()) {
            throw wrong(
                    "host",
                    "with auth=iam AWS's own name, CLUSTER.dsql.REGION.on.aws or NAME.REGION.rds.amazonaws.com");
        }
        return service.filter(found -> auth != null || (found == IamService.DSQL && password.isEmpty()));
    }

    private static void requireSafe(Optional<String> user, Optional<String> password, Map<String, String> options) {
        if (user.isEmpty()) {
            throw wrong("user", "the name to log in with by IAM");
        }
        if (password.isPresent()) {
            throw wrong("password", "none, since IAM decides about the login");
        }
        if (!options.getOrDefault("sslmode", "verify-full").equals("verify-full")) {
            throw wrong("parameter sslmode", "verify-full, since whoever gets the token of a login by IAM can use it");
        }
        if (options.containsKey("sslfactory")) {
            throw wrong("parameter sslfactory", "none with a login by IAM, since there are some that verify nothing");
        }
    }

    /** A new connection of the driver, with these settings. */
    @Override
    public Connection open() throws SQLException {
        var properties = new Properties();
        properties.putAll(options);
        user.ifPresent(name -> properties.setProperty("user", name));
        password.ifPresent(secret -> properties.setProperty("password", secret));
        var connection =
                new Driver().connect("jdbc:postgresql://%s:%d/%s".formatted(host, port, encode(database)), properties);
        if (connection == null) {
            throw new SQLException("the driver does not know the URL of " + describe(), "08001");
        }
        try {
            dialect().prepare(connection);
            return connection;
        } catch (SQLException | RuntimeException fault) {
            connection.close();
            throw fault;
        }
    }

    /** Aurora DSQL by the name of its host. */
    @Override
    public Dialect dialect() {
        return IamService.DSQL.runs(host) ? Dialect.DSQL : Dialect.POSTGRESQL;
    }

    ConnectionSettings withPassword(String other) {
        return new ConnectionSettings(host, port, database, user, Optional.of(other), options, login);
    }

    /** {@code host:port/database}. */
    @Override
    public String describe() {
        return "%s:%d/%s".formatted(host, port, database);
    }

    /** The same as {@link #describe()}, so that a log cannot tell the password. */
    @Override
    public String toString() {
        return describe();
    }

    private static Map<String, String> parseOptions(String query) {
        var options = new LinkedHashMap<String, String>();
        for (var pair : query.split("&", -1)) {
            if (pair.isBlank()) {
                continue;
            }
            var equals = pair.indexOf('=');
            if (equals < 1) {
                throw wrong("parameters", "name=value pairs joined by &, such as sslmode=require");
            }
            var given = decode(pair.substring(0, equals), "parameters");
            var name = ALIASES.getOrDefault(given, given);
            if (!name.equals(AUTH) && PGProperty.forName(name) == null) {
                throw wrong("parameter " + given, "one the PostgreSQL driver knows");
            }
            options.put(name, decode(pair.substring(equals + 1), "parameter " + given));
        }
        var sslMode = options.get("sslmode");
        if (sslMode != null && !SSL_MODES.contains(sslMode.toLowerCase(Locale.ROOT))) {
            throw wrong("parameter sslmode", "disable, allow, prefer, require, verify-ca or verify-full");
        }
        return options;
    }

    private static int parsePort(String text) {
        try {
            var port = Integer.parseInt(text);
            if (port >= 1 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException notANumber) {
            // said below, without the text: an unencoded password may have slipped into it
        }
        throw wrong("port", "a number from 1 to 65535; percent-encode @ : / ? in user and password");
    }

    private static Optional<String> given(String inLogin, @Nullable String inOptions) {
        return inLogin.isEmpty() ? Optional.ofNullable(inOptions) : Optional.of(inLogin);
    }

    private static String decode(String text, String part) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            throw wrong(part, "percent-encoded text; a literal % is written %25");
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, UTF_8).replace("+", "%20");
    }

    private static IllegalArgumentException wrong(String part, String expectation) {
        return new IllegalArgumentException("database URL: %s: expected %s".formatted(part, expectation));
    }
}
