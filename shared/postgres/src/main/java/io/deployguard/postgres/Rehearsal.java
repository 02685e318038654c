package io.deployguard.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import javax.net.SocketFactory;

/**
 * A PostgreSQL inside this process, for a rehearsal: every insert and update changes one row, and every query finds nothing, but that an incident which
 * was inserted is found by its id: what follows a diagnosis reads it again. The driver talks to it as to any other, so that all its classes are loaded and its code has run, without a network, a login or a secret.
 *
 * <p>The driver makes it by the parameter {@code socketFactory} of {@link #URL}.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html">Message formats</a>
 */
public final class Rehearsal extends SocketFactory {

    /** The address of such a database. */
    public static final String URL = "postgres://rehearsal@127.0.0.1:1/rehearsal?sslmode=disable&socketFactory="
            + "io.deployguard.postgres.Rehearsal";

    @Override
    public Socket createSocket() {
        return new Stage();
    }

    @Override
    public Socket createSocket(String host, int port) {
        return new Stage();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
        return new Stage();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        return new Stage();
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) {
        return new Stage();
    }

    /** The driver's end of the line. It never becomes a socket of the system. */
    private static final class Stage extends Socket {

        private final Server server = new Server();
        private boolean closed;

        @Override
        public InputStream getInputStream() {
            return server.answers();
        }

        @Override
        public OutputStream getOutputStream() {
            return server.requests();
        }

        @Override
        public void connect(SocketAddress endpoint, int timeout) {
            // it is connected
        }

        @Override
        public boolean isConnected() {
            return true;
        }

        @Override
        public boolean isClosed() {
            return closed;
        }

        @Override
        public void close() {
            closed = true;
        }

        @Override
        public void setTcpNoDelay(boolean on) {
            // no packets
        }

        @Override
        public void setKeepAlive(boolean on) {
            // no packets
        }

        @Override
        public void setSoTimeout(int timeout) {
            // the answer is there before it is read
        }

        @Override
        public int getSoTimeout() {
            return 0;
        }
    }

    /** The other end: reads whole messages as they are written, and has the answers ready before anybody waits for them. */
    private static final class Server {

        private static final Pattern KEEPS_INCIDENT =
                Pattern.compile("insert\\s+into\\s+incident\\s*\\(.*", Pattern.DOTALL);
        private static final Pattern FINDS_INCIDENT =
                Pattern.compile("select\\s+document\\s+from\\s+incident\\s+where\\s+id\\s.*", Pattern.DOTALL);
        private static final Pattern PARAMETER = Pattern.compile("\\$(\\d+)");
        private static final int PROTOCOL_3 = 196_608;
        private static final int TEXT = 25;

        /** One column of texts: its name, of no table, its type, of any length, sent as text. */
        private static final byte[] DOCUMENT = ByteBuffer.allocate(29)
                .putShort((short) 1)
                .put("document\0".getBytes(UTF_8))
                .putInt(0)
                .putShort((short) 0)
                .putInt(TEXT)
                .putShort((short) -1)
                .putInt(-1)
                .putShort((short) 0)
                .array();

        private final ByteArrayOutputStream unread = new ByteArrayOutputStream();
        private final Map<String, String> statements = new HashMap<>();
        private final Map<String, String> portals = new HashMap<>();
        private ByteBuffer ready = ByteBuffer.allocate(0);
        private boolean begun;
        private byte[] incident = new byte[0];
        private char status = 'I';

        OutputStream requests() {
            return new OutputStream() {
                @Override
                public void write(int one) {
                    unread.write(one);
                }

                @Override
                public void write(byte[] bytes, int from, int length) {
                    unread.write(bytes, from, length);
                }

                @Override
                public void flush() {
                    take();
                }
            };
        }

        InputStream answers() {
            return new InputStream() {
                @Override
                public int read() {
                    return ready.hasRemaining() ? ready.get() & 0xff : -1;
                }

                @Override
                public int read(byte[] into, int from, int most) {
                    if (!ready.hasRemaining()) {
                        return most == 0 ? 0 : -1;
                    }
                    var length = Math.min(most, ready.remaining());
                    ready.get(into, from, length);
                    return length;
                }

                @Override
                public int available() {
                    return ready.remaining();
                }
            };
        }

        private void take() {
            var bytes = ByteBuffer.wrap(unread.toByteArray());
            unread.reset();
            var answers = new ByteArrayOutputStream();
            while (ready.hasRemaining()) {
                answers.write(ready.get());
            }
            var out = new DataOutputStream(answers);
            try {
                while (bytes.hasRemaining()) {
                    // Only the first message has no kind.
                    var kind = begun ? (char) bytes.get() : ' ';
                    var body = bytes.slice(
                            bytes.position() + Integer.BYTES, bytes.getInt(bytes.position()) - Integer.BYTES);
                    bytes.position(bytes.position() + Integer.BYTES + body.remaining());
                    answer(kind, body, out);
                }
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
            ready = ByteBuffer.wrap(answers.toByteArray());
        }

        private void answer(char kind, ByteBuffer body, DataOutputStream out) throws IOException {
            switch (kind) {
                case ' ' -> welcome(body, out);
                case 'P' -> {
                    statements.put(text(body), text(body));
                    send(out, '1');
                }
                case 'B' -> {
                    var portal = text(body);
                    var sql = statements.getOrDefault(text(body), "");
                    portals.put(portal, sql);
                    if (KEEPS_INCIDENT.matcher(sql).matches()) {
                        incident = lastValue(body);
                    }
                    send(out, '2');
                }
                case 'D' -> describe((char) body.get(), text(body), out);
                case 'E' -> execute(portals.getOrDefault(text(body), ""), out);
                case 'Q' -> {
                    execute(text(body), out);
                    readyForQuery(out);
                }
                case 'C' -> send(out, '3');
                case 'S' -> readyForQuery(out);
                default -> {
                    // terminate and flush want no answer
                }
            }
        }

        private void welcome(ByteBuffer body, DataOutputStream out) throws IOException {
            if (body.getInt() != PROTOCOL_3) {
                throw new IOException("rehearsal: expected protocol 3.0 without encryption");
            }
            begun = true;
            send(out, 'R', 0, 0, 0, 0);
            for (var parameter : Map.of(
                            "server_version", "17.0",
                            "client_encoding", "UTF8",
                            "DateStyle", "ISO, MDY",
                            "integer_datetimes", "on",
                            "standard_conforming_strings", "on",
                            "TimeZone", "UTC")
                    .entrySet()) {
                send(out, 'S', (parameter.getKey() + "\0" + parameter.getValue() + "\0").getBytes(UTF_8));
            }
            send(out, 'K', 0, 0, 0, 1, 0, 0, 0, 1);
            readyForQuery(out);
        }

        private void describe(char what, String name, DataOutputStream out) throws IOException {
            var sql = (what == 'S' ? statements : portals).getOrDefault(name, "");
            if (what == 'S') {
                var most = PARAMETER
                        .matcher(sql)
                        .results()
                        .mapToInt(found -> Integer.parseInt(found.group(1)))
                        .max()
                        .orElse(0);
                var types =
                        ByteBuffer.allocate(Short.BYTES + most * Integer.BYTES).putShort((short) most);
                for (var index = 0; index < most; index++) {
                    types.putInt(TEXT);
                }
                send(out, 't', types.array());
            }
            if (FINDS_INCIDENT.matcher(sql).matches()) {
                send(out, 'T', DOCUMENT);
            } else if (returnsRows(sql)) {
                send(out, 'T', 0, 0);
            } else {
                send(out, 'n');
            }
        }

        private void execute(String sql, DataOutputStream out) throws IOException {
            if (incident.length > 0 && FINDS_INCIDENT.matcher(sql).matches()) {
                var row = ByteBuffer.allocate(Short.BYTES + Integer.BYTES + incident.length);
                send(
                        out,
                        'D',
                        row.putShort((short) 1)
                                .putInt(incident.length)
                                .put(incident)
                                .array());
                send(out, 'C', "SELECT 1\0".getBytes(UTF_8));
                return;
            }
            var verb = verb(sql);
            switch (verb) {
                case "BEGIN" -> status = 'T';
                case "COMMIT", "ROLLBACK" -> status = 'I';
                default -> {
                    // the transaction goes on
                }
            }
            var tag = switch (verb) {
                case "SELECT" -> "SELECT 0";
                case "INSERT" -> returnsRows(sql) ? "INSERT 0 0" : "INSERT 0 1";
                case "UPDATE" -> returnsRows(sql) ? "UPDATE 0" : "UPDATE 1";
                case "DELETE" -> "DELETE 0";
                default -> verb;
            };
            send(out, 'C', (tag + "\0").getBytes(UTF_8));
        }

        private void readyForQuery(DataOutputStream out) throws IOException {
            send(out, 'Z', status);
        }

        private static boolean returnsRows(String sql) {
            return switch (verb(sql)) {
                case "SELECT", "WITH" -> true;
                default -> sql.toLowerCase(Locale.ROOT).contains("returning ");
            };
        }

        private static String verb(String sql) {
            return sql.strip().split("\\s+", 2)[0].toUpperCase(Locale.ROOT);
        }

        private static String text(ByteBuffer body) {
            var text = new ByteArrayOutputStream();
            for (var one = body.get(); one != 0; one = body.get()) {
                text.write(one);
            }
            return text.toString(UTF_8);
        }

        /** Of the values that are bound, which follow their formats. */
        private static byte[] lastValue(ByteBuffer body) {
            var formats = body.getShort();
            body.position(body.position() + formats * Short.BYTES);
            var value = new byte[0];
            for (var left = body.getShort(); left > 0; left--) {
                value = new byte[Math.max(0, body.getInt())];
                body.get(value);
            }
            return value;
        }

        private static void send(DataOutputStream out, char kind, int... bytes) throws IOException {
            var body = new byte[bytes.length];
            for (var index = 0; index < bytes.length; index++) {
                body[index] = (byte) bytes[index];
            }
            send(out, kind, body);
        }

        private static void send(DataOutputStream out, char kind, byte[] body) throws IOException {
            out.writeByte(kind);
            out.writeInt(body.length + Integer.BYTES);
            out.write(body);
        }
    }
}
