package io.p2phost.agent.cell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Spoken to as MariaDB's C client speaks. */
class ScratchSqlTest {
    /** Capabilities, greatest packet and character set with which the client begins, as recorded; then zeros and names. */
    private static final byte[] RECORDED = HexFormat.of().parseHex("8da2bf000000000121");

    private final ScratchSql sql = ScratchSql.open(4, Duration.ofSeconds(2));

    @AfterEach
    void close() {
        sql.close();
    }

    private final class Client implements AutoCloseable {
        private final Socket socket = new Socket(InetAddress.getLoopbackAddress(), sql.port());
        private final InputStream in = socket.getInputStream();
        private final byte[] greeting;

        Client() throws IOException {
            socket.setSoTimeout(10_000);
            greeting = read();
        }

        byte[] read() throws IOException {
            byte[] head = in.readNBytes(4);
            if (head.length < 4) {
                return new byte[0];
            }
            return in.readNBytes((head[0] & 0xff) | ((head[1] & 0xff) << 8) | ((head[2] & 0xff) << 16));
        }

        void send(int sequence, byte[] payload) throws IOException {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write(payload.length);
            out.write(payload.length >>> 8);
            out.write(payload.length >>> 16);
            out.write(sequence);
            out.writeBytes(payload);
            socket.getOutputStream().write(out.toByteArray());
        }

        byte[] salt() {
            int afterVersion = 1;
            while (greeting[afterVersion] != 0) {
                afterVersion++;
            }
            int first = afterVersion + 5;
            byte[] salt = Arrays.copyOfRange(greeting, first, first + 20);
            System.arraycopy(greeting, first + 8 + 1 + 2 + 1 + 2 + 2 + 1 + 10, salt, 8, 12);
            return salt;
        }

        byte[] login(String user, String password, String plugin) throws IOException {
            byte[] proof = SqlSession.scramble(password.getBytes(StandardCharsets.US_ASCII), salt());
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.writeBytes(RECORDED);
            out.writeBytes(new byte[23]);
            out.writeBytes(user.getBytes(StandardCharsets.US_ASCII));
            out.write(0);
            out.write(proof.length);
            out.writeBytes(proof);
            out.writeBytes("scratch\0".getBytes(StandardCharsets.US_ASCII));
            out.writeBytes((plugin + "\0").getBytes(StandardCharsets.US_ASCII));
            send(1, out.toByteArray());
            return read();
        }

        byte[] ask(int command, String text) throws IOException {
            byte[] words = text.getBytes(StandardCharsets.US_ASCII);
            byte[] payload = new byte[words.length + 1];
            payload[0] = (byte) command;
            System.arraycopy(words, 0, payload, 1, words.length);
            send(0, payload);
            return read();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private Client loggedIn() throws IOException {
        Client client = new Client();
        assertThat(client.login(ScratchSql.USER, sql.password(), "mysql_native_password")[0])
                .isZero();
        return client;
    }

    private static int errorCode(byte[] answer) {
        assertThat(answer[0]).isEqualTo((byte) 0xff);
        return (answer[1] & 0xff) | ((answer[2] & 0xff) << 8);
    }

    @Test
    void mapServersQuestionsAreAnsweredAsByADatabaseWithoutTables() throws IOException {
        try (Client client = loggedIn()) {
            assertThat(client.ask(0x03, "SET NAMES utf8")[0]).isZero();
            assertThat(client.ask(0x0e, "")[0]).isZero();
            assertThat(client.ask(0x02, "scratch")[0]).isZero();
            assertThat(errorCode(client.ask(0x03, "SELECT `varname` FROM `mapreg`")))
                    .isEqualTo(1146);
            assertThat(errorCode(client.ask(0x03, "DELETE FROM `vendings`"))).isEqualTo(1146);
            assertThat(errorCode(client.ask(0x16, "INSERT INTO `mapreg` VALUES (?)")))
                    .isEqualTo(1146);
            assertThat(errorCode(client.ask(0x17, "x"))).isEqualTo(1047);
            assertThat(client.ask(0x03, "SHOW VARIABLES LIKE 'wait_timeout'")).containsExactly(2);
            client.read();
            client.read();
            assertThat(client.read()[0]).isEqualTo((byte) 0xfe);
            assertThat(new String(client.read(), StandardCharsets.US_ASCII)).isEqualTo("\u000cwait_timeout\u0003120");
            assertThat(client.read()[0]).isEqualTo((byte) 0xfe);
            assertThat(client.ask(0x01, "")).isEmpty();
        }
    }

    @Test
    void strangersAreRefused() throws IOException {
        try (Client client = new Client()) {
            assertThat(errorCode(client.login(ScratchSql.USER, "guess", "mysql_native_password")))
                    .isEqualTo(1045);
            assertThat(client.read()).isEmpty();
        }
        try (Client client = new Client()) {
            assertThat(errorCode(client.login("root", sql.password(), "mysql_native_password")))
                    .isEqualTo(1045);
        }
    }

    @Test
    void clientOfAnotherPluginIsAskedForThisOne() throws IOException {
        try (Client client = new Client()) {
            byte[] ask = client.login(ScratchSql.USER, "whatever", "caching_sha2_password");
            assertThat(ask[0]).isEqualTo((byte) 0xfe);
            client.send(3, SqlSession.scramble(sql.password().getBytes(StandardCharsets.US_ASCII), client.salt()));
            assertThat(client.read()[0]).isZero();
        }
    }

    @Test
    void longQueryIsReadWithoutBeingKept() throws IOException {
        try (Client client = loggedIn()) {
            assertThat(errorCode(client.ask(0x03, "INSERT INTO x VALUES ('" + "a".repeat(3_000_000) + "')")))
                    .isEqualTo(1146);
            assertThat(client.ask(0x0e, "")[0]).isZero();
        }
    }

    @Test
    void connectionsBeyondTheLimitAreClosedAndSilentOnesEnd() throws IOException {
        Client[] clients = new Client[4];
        for (int i = 0; i < clients.length; i++) {
            clients[i] = loggedIn();
        }
        try (Socket more = new Socket(InetAddress.getLoopbackAddress(), sql.port())) {
            more.setSoTimeout(10_000);
            assertThat(more.getInputStream().read()).isEqualTo(-1);
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> sql.connections() == 0);
        for (Client client : clients) {
            assertThat(client.read()).isEmpty();
            client.close();
        }
        loggedIn().close();
    }

    @Test
    void noiseEndsItsConnectionAndNothingElse() throws IOException {
        Random random = new Random(20);
        for (int round = 0; round < 300; round++) {
            try (Client client = round % 2 == 0 ? new Client() : loggedIn()) {
                byte[] noise = new byte[random.nextInt(200)];
                random.nextBytes(noise);
                if (round % 3 == 0) {
                    client.send(random.nextInt(256), noise);
                } else {
                    client.socket.getOutputStream().write(noise);
                }
            }
            await().until(() -> sql.connections() == 0);
        }
        loggedIn().close();
    }
}
