package io.p2phost.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tap itself: it passes everything on, and sees what is not as it should be. */
class TlsTapTest {
    private static final String CLIENT_HELLO = "16030100050100000100";
    private static final String DATA = "1703030003010203";

    private final ServerSocket server = listen();
    private final BlockingQueue<Socket> accepted = new LinkedBlockingQueue<>();
    private TlsTap tap;
    private Socket client;

    private static ServerSocket listen() {
        try {
            return new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeEach
    void open() throws Exception {
        try (ServerSocket free = listen()) {
            InetSocketAddress at = (InetSocketAddress) free.getLocalSocketAddress();
            free.close();
            tap = TlsTap.between(at, (InetSocketAddress) server.getLocalSocketAddress());
            client = new Socket(at.getAddress(), at.getPort());
        }
        accepted.add(server.accept());
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        tap.close();
        server.close();
    }

    private static String serverHello(String version, String suite) {
        String extensions = "002b0002" + version + "00330001aa";
        String body = "0303" + "11".repeat(32) + "02abcd" + suite + "00" + "%04x".formatted(extensions.length() / 2)
                + extensions;
        String message = "02%06x".formatted(body.length() / 2) + body;
        return "160303%04x".formatted(message.length() / 2) + message;
    }

    private static void send(Socket from, Socket to, String hex) throws IOException {
        byte[] bytes = HexFormat.of().parseHex(hex);
        from.getOutputStream().write(bytes);
        assertThat(to.getInputStream().readNBytes(bytes.length)).isEqualTo(bytes);
    }

    @Test
    void rightOneIsPassedOnAndCounted() throws Exception {
        Socket suite = accepted.poll(30, TimeUnit.SECONDS);
        send(client, suite, CLIENT_HELLO);
        send(suite, client, serverHello("0304", "1302") + "140303000101" + DATA);
        send(client, suite, "140303000101" + DATA + DATA);

        assertThat(tap.agreed()).isEqualTo(1);
        assertThat(tap.encrypted()).isEqualTo(9);
        assertThat(tap.faults()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0304,1301", "0304,1303", "0303,1302", "0303,c030"})
    void anotherVersionOrSuiteIsAFault(String version, String suite) throws Exception {
        send(client, accepted.element(), CLIENT_HELLO);
        send(accepted.element(), client, serverHello(version, suite));

        assertThat(tap.agreed()).isZero();
        assertThat(tap.faults()).singleElement().asString().contains("suite " + suite + ", version " + version);
    }

    @Test
    void plainBytesAtTheBeginningOrLaterAreAFaultAndPassOn() throws Exception {
        byte[] noise = new byte[200];
        new SecureRandom().nextBytes(noise);
        noise[1] = 'x';
        send(client, accepted.element(), CLIENT_HELLO + DATA + HexFormat.of().formatHex(noise));
        send(accepted.element(), client, HexFormat.of().formatHex("HTTP/1.1 200 OK".getBytes(StandardCharsets.UTF_8)));

        await().untilAsserted(() -> assertThat(tap.faults()).hasSize(2).allMatch(fault -> fault.contains("no TLS")));
    }

    @Test
    void unencryptedAlertOrHandshakeAfterTheHelloIsAFault() throws Exception {
        send(client, accepted.element(), CLIENT_HELLO + "15030300020228");
        assertThat(tap.faults()).singleElement().asString().contains("type 21");
    }

    @Test
    void endOfOneSideEndsTheOther() throws Exception {
        send(client, accepted.element(), CLIENT_HELLO);
        client.close();
        assertThat(accepted.element().getInputStream().read()).isEqualTo(-1);
    }
}
