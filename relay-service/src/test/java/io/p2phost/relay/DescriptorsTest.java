package io.p2phost.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.p2phost.ro.client.MapToClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** More connections than the relay's process has file descriptors. */
class DescriptorsTest {
    private static final int DESCRIPTORS = 400;
    private static final Duration LONG = Duration.ofSeconds(30);

    private final List<Socket> sockets = new ArrayList<>();
    private Process process;
    private BufferedReader answers;
    private PrintStream orders;
    private int port;

    @BeforeEach
    void start() throws Exception {
        process = new ProcessBuilder(
                        "sh",
                        "-c",
                        "ulimit -n " + DESCRIPTORS + " && exec \"$@\"",
                        "sh",
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-Xmx128m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FewDescriptors.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
        orders = new PrintStream(process.getOutputStream(), true, StandardCharsets.US_ASCII);
        String line = answers.readLine();
        while (line != null && !line.matches("\\d+")) {
            line = answers.readLine();
        }
        assertThat(line).as("its port").isNotNull();
        port = Integer.parseInt(line);
    }

    @AfterEach
    void stop() throws Exception {
        for (Socket socket : sockets) {
            socket.close();
        }
        process.destroyForcibly().waitFor();
    }

    /** Its answer to that word; what is logged in between is passed over. */
    private long tell(String word) throws IOException {
        orders.println(word);
        while (true) {
            String line = answers.readLine();
            assertThat(line).as("the process lives").isNotNull();
            if (line.equals(word)) {
                return 0;
            }
            if (line.matches("\\d+")) {
                return Long.parseLong(line);
            }
        }
    }

    private void connect(int count, boolean entering) throws IOException {
        for (int i = 0; i < count; i++) {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
            sockets.add(socket);
            if (entering) {
                socket.getOutputStream().write(ProxyProtocolTest.enter(1 + i));
            }
        }
    }

    private void player() throws IOException {
        int account = (int) tell("player");
        try (TestClient player = new TestClient(port, account)) {
            player.socket.setSoTimeout((int) LONG.toMillis());
            player.enter();
            player.await(MapToClient.ENTER_ACCEPTED);
        }
    }

    /** Whoever is silent makes room: a player gets in while all of them are there. */
    @Test
    @Tag("deep")
    void silentOnesMakeRoomWhenNoDescriptorIsLeft() throws Exception {
        connect(DESCRIPTORS * 3 / 2, false);
        await().atMost(LONG).until(() -> tell("failed") >= 1);
        player();
        assertThat(tell("room")).isPositive();
    }

    /** Nobody can make room: it neither spins nor ends, and goes on when they are gone. */
    @Test
    void listenerNeitherSpinsNorEndsWhenNoDescriptorIsLeft() throws Exception {
        tell("hold");
        connect(DESCRIPTORS * 3 / 2, true);
        await().atMost(LONG).until(() -> tell("failed") >= 1);
        long failed = tell("failed");
        Duration before = cpu();
        Instant start = Instant.now();
        await().atMost(LONG).until(() -> tell("failed") >= failed + 3);
        Duration passed = Duration.between(start, Instant.now());
        assertThat(passed).as("once a second").isGreaterThan(Duration.ofSeconds(2));
        assertThat(cpu().minus(before)).isLessThan(passed.dividedBy(2));

        for (Socket socket : sockets) {
            socket.setSoLinger(true, 0);
            socket.close();
        }
        tell("answer");
        await().atMost(LONG).until(() -> tell("connections") == 0);
        player();
    }

    private Duration cpu() {
        return process.info().totalCpuDuration().orElseThrow();
    }
}
