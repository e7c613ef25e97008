package io.p2phost.agent.cell;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Locale;

/**
 * One client of {@link ScratchSql}: as much of the MySQL protocol (version 10, {@code mysql_native_password}, no TLS) as
 * the C client library needs. Whatever it asks of a table gets error 1146, "no such table". Not thread-safe.
 */
final class SqlSession {
    static final int SALT_BYTES = 20;

    /** A query is judged by its beginning; the rest of it, however long, is thrown away as it comes. */
    private static final int READ_OF_A_PACKET = 512;

    private static final int MAX_LOGIN_BYTES = 2048;
    private static final String PLUGIN = "mysql_native_password";

    private static final int CONNECT_WITH_DB = 0x8;
    private static final int PROTOCOL_41 = 0x200;
    private static final int TLS = 0x800;
    private static final int TRANSACTIONS = 0x2000;
    private static final int SECURE_CONNECTION = 0x8000;
    private static final int PLUGIN_AUTH = 0x80000;
    private static final int PLUGIN_AUTH_LENENC = 0x200000;
    private static final int CAPABILITIES =
            0x1 | 0x4 | CONNECT_WITH_DB | PROTOCOL_41 | TRANSACTIONS | SECURE_CONNECTION | PLUGIN_AUTH;

    private static final int AUTOCOMMIT = 2;
    private static final int UTF8 = 33;

    private static final int COM_QUIT = 0x01;
    private static final int COM_INIT_DB = 0x02;
    private static final int COM_QUERY = 0x03;
    private static final int COM_PING = 0x0e;
    private static final int COM_STMT_PREPARE = 0x16;
    private static final int COM_STMT_CLOSE = 0x19;
    private static final int COM_RESET = 0x1f;

    private final InputStream in;
    private final OutputStream out;
    private final byte[] user;
    private final byte[] password;
    private final byte[] salt;
    private int sequence;

    /** @param salt {@link #SALT_BYTES} random bytes, of which the zeros are replaced: the client takes it for text */
    SqlSession(InputStream in, OutputStream out, String user, String password, byte[] salt) {
        this.in = in;
        this.out = out;
        this.user = user.getBytes(StandardCharsets.US_ASCII);
        this.password = password.getBytes(StandardCharsets.US_ASCII);
        this.salt = salt.clone();
        for (int i = 0; i < this.salt.length; i++) {
            this.salt[i] = (byte) (this.salt[i] & 0x7f);
            if (this.salt[i] == 0) {
                this.salt[i] = 1;
            }
        }
    }

    /** Greets and checks user and password; false if the client is not one of ours and was told so. */
    boolean login() throws IOException {
        send(greeting());
        byte[] answer = read(MAX_LOGIN_BYTES);
        Reader reader = new Reader(answer);
        int capabilities = reader.number(4);
        if ((capabilities & PROTOCOL_41) == 0 || (capabilities & TLS) != 0) {
            return refuse(1043, "08S01", "Bad handshake");
        }
        reader.skip(4 + 1 + 23);
        byte[] name = reader.text();
        byte[] proof =
                reader.bytes((capabilities & PLUGIN_AUTH_LENENC) != 0 ? reader.lengthEncoded() : reader.number(1));
        if ((capabilities & CONNECT_WITH_DB) != 0) {
            reader.text();
        }
        if ((capabilities & PLUGIN_AUTH) != 0 && !PLUGIN.equals(new String(reader.text(), StandardCharsets.US_ASCII))) {
            proof = switchPlugin();
        }
        boolean known = MessageDigest.isEqual(name, user);
        if (!MessageDigest.isEqual(proof, scramble(password, salt)) || !known) {
            return refuse(1045, "28000", "Access denied");
        }
        ok();
        return true;
    }

    private byte[] switchPlugin() throws IOException {
        Packet ask = new Packet().number(0xfe, 1).text(PLUGIN).bytes(salt).number(0, 1);
        send(ask);
        return read(MAX_LOGIN_BYTES);
    }

    private boolean refuse(int code, String state, String message) throws IOException {
        error(code, state, message);
        return false;
    }

    /** Answers the next command; false after the last. */
    boolean answerOne() throws IOException {
        byte[] command = read(Integer.MAX_VALUE);
        if (command.length == 0) {
            return refuse(1835, "HY000", "Malformed packet");
        }
        switch (command[0] & 0xff) {
            case COM_QUIT -> {
                return false;
            }
            case COM_PING, COM_INIT_DB, COM_RESET -> ok();
            case COM_QUERY -> query(new String(command, 1, command.length - 1, StandardCharsets.ISO_8859_1));
            case COM_STMT_PREPARE -> noTable();
            case COM_STMT_CLOSE -> {
                // Has no answer.
            }
            default -> error(1047, "08S01", "Unknown command");
        }
        return true;
    }

    private void query(String sql) throws IOException {
        String words = sql.strip().toLowerCase(Locale.ROOT);
        if (words.startsWith("set ")) {
            ok();
        } else if (words.startsWith("show variables like 'wait_timeout'")) {
            // Asked at each connection: the map-server pings half a minute before it.
            row("wait_timeout", Long.toString(ScratchSql.WAIT.toSeconds()));
        } else if (words.startsWith("select 1") && !words.contains("from")) {
            row("1");
        } else {
            noTable();
        }
    }

    private void noTable() throws IOException {
        error(1146, "42S02", "Table doesn't exist: this database holds nothing");
    }

    // ---- packets ----

    private Packet greeting() {
        return new Packet()
                .number(10, 1)
                .text("5.7.0-p2p-scratch")
                .number(1, 4)
                .bytes(Arrays.copyOf(salt, 8))
                .number(0, 1)
                .number(CAPABILITIES & 0xffff, 2)
                .number(UTF8, 1)
                .number(AUTOCOMMIT, 2)
                .number(CAPABILITIES >>> 16, 2)
                .number(SALT_BYTES + 1, 1)
                .bytes(new byte[10])
                .bytes(Arrays.copyOfRange(salt, 8, SALT_BYTES))
                .number(0, 1)
                .text(PLUGIN);
    }

    private void ok() throws IOException {
        send(new Packet().number(0, 3).number(AUTOCOMMIT, 2).number(0, 2));
    }

    private void error(int code, String state, String message) throws IOException {
        send(new Packet()
                .number(0xff, 1)
                .number(code, 2)
                .bytes(("#" + state + message).getBytes(StandardCharsets.US_ASCII)));
    }

    /** A result of one row, whose columns are named after their values. */
    private void row(String... values) throws IOException {
        send(new Packet().number(values.length, 1));
        Packet row = new Packet();
        for (String value : values) {
            send(new Packet()
                    .counted("def")
                    .counted("")
                    .counted("")
                    .counted("")
                    .counted(value)
                    .counted("")
                    .number(12, 1)
                    .number(UTF8, 2)
                    .number(256, 4)
                    .number(0xfd, 1)
                    .number(0, 5));
            row.counted(value);
        }
        endOfRows();
        send(row);
        endOfRows();
    }

    private void endOfRows() throws IOException {
        send(new Packet().number(0xfe, 1).number(0, 2).number(AUTOCOMMIT, 2));
    }

    private void send(Packet packet) throws IOException {
        byte[] payload = packet.payload.toByteArray();
        ByteArrayOutputStream framed = new ByteArrayOutputStream(payload.length + 4);
        framed.write(payload.length);
        framed.write(payload.length >>> 8);
        framed.write(payload.length >>> 16);
        framed.write(sequence++);
        framed.writeBytes(payload);
        out.write(framed.toByteArray());
        out.flush();
    }

    /** A packet's beginning. */
    private byte[] read(int most) throws IOException {
        byte[] head = in.readNBytes(4);
        if (head.length < 4) {
            throw new EOFException();
        }
        int length = (head[0] & 0xff) | ((head[1] & 0xff) << 8) | ((head[2] & 0xff) << 16);
        if (length > most) {
            throw new IOException("packet of " + length + " bytes (expected: <= " + most + ")");
        }
        if (length == 0xffffff) {
            throw new IOException("packet in parts (expected: one)");
        }
        sequence = (head[3] & 0xff) + 1;
        byte[] start = in.readNBytes(Math.min(length, most == MAX_LOGIN_BYTES ? length : READ_OF_A_PACKET));
        in.skipNBytes(length - start.length);
        return start;
    }

    /** What {@code mysql_native_password} proves: SHA1(password) xor SHA1(salt + SHA1(SHA1(password))). */
    static byte[] scramble(byte[] password, byte[] salt) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            byte[] once = sha1.digest(password);
            byte[] twice = sha1.digest(once);
            sha1.update(salt);
            byte[] mask = sha1.digest(twice);
            for (int i = 0; i < mask.length; i++) {
                mask[i] ^= once[i];
            }
            return mask;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Packet {
        private final ByteArrayOutputStream payload = new ByteArrayOutputStream(96);

        Packet number(int value, int bytes) {
            for (int i = 0; i < bytes; i++) {
                payload.write(i < 4 ? value >>> (8 * i) : 0);
            }
            return this;
        }

        Packet bytes(byte[] bytes) {
            payload.writeBytes(bytes);
            return this;
        }

        Packet text(String text) {
            return bytes(text.getBytes(StandardCharsets.US_ASCII)).number(0, 1);
        }

        Packet counted(String text) {
            return number(text.length(), 1).bytes(text.getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** Reads what a client said; whatever is missing ends the connection. */
    private static final class Reader {
        private final byte[] bytes;
        private int at;

        Reader(byte[] bytes) {
            this.bytes = bytes;
        }

        int number(int length) throws IOException {
            byte[] read = bytes(length);
            int value = 0;
            for (int i = 0; i < length; i++) {
                value |= (read[i] & 0xff) << (8 * i);
            }
            return value;
        }

        int lengthEncoded() throws IOException {
            int first = number(1);
            return first < 0xfb ? first : number(2);
        }

        void skip(int length) throws IOException {
            bytes(length);
        }

        byte[] bytes(int length) throws IOException {
            if (length < 0 || length > bytes.length - at) {
                throw new EOFException("handshake too short");
            }
            at += length;
            return Arrays.copyOfRange(bytes, at - length, at);
        }

        /** Until a zero, or until the end. */
        byte[] text() {
            int start = at;
            while (at < bytes.length && bytes[at] != 0) {
                at++;
            }
            byte[] text = Arrays.copyOfRange(bytes, start, at);
            at = Math.min(at + 1, bytes.length);
            return text;
        }
    }
}
