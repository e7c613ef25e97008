package io.p2phost.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramsTest {
    @TempDir
    Path work;

    private Programs programs() {
        if (started == null) {
            started = new Programs(work, work);
        }
        return started;
    }

    private Programs started;

    @AfterEach
    void stop() {
        if (started != null) {
            started.stopAll();
        }
    }

    @Test
    void standInAnswersWithItsNameItsMapAndThePlayersNonce() throws Exception {
        Programs.StandIn standIn = programs().standIn("alpha", "127.0.0.1", List.of("prontera", "payon"));
        assertThat(Player.visit("127.0.0.1", standIn.port("prontera"))).isEqualTo("alpha/prontera");
        assertThat(Player.visit("127.0.0.1", standIn.port("payon"))).isEqualTo("alpha/payon");
    }

    @Test
    void standInEndsWithTheDemo() throws Exception {
        Programs.StandIn standIn = programs().standIn("alpha", "127.0.0.1", List.of("prontera"));
        standIn.process().getOutputStream().close();
        assertThat(standIn.process().waitFor(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void nobodyToAnswerIsAFailureOfThePlayer() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        int port = free;
        assertThatThrownBy(() -> Player.visit("127.0.0.1", port))
                .isInstanceOf(DemoFailure.class)
                .hasMessageContaining("player at 127.0.0.1:" + port);
    }

    @Test
    void answerWithAnotherNonceIsAFailure() throws Exception {
        try (ServerSocket liar = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try (Socket socket = liar.accept()) {
                    socket.getOutputStream().write("alpha/prontera guessed\n".getBytes(StandardCharsets.UTF_8));
                    socket.getInputStream().read();
                } catch (IOException e) {
                    // The player hung up.
                }
            });
            assertThatThrownBy(() -> Player.visit("127.0.0.1", liar.getLocalPort()))
                    .isInstanceOf(DemoFailure.class)
                    .hasMessageContaining("another nonce");
        }
    }

    @Test
    void leftoversOfAKilledDemoAreEndedButNeverAnotherProcessWithTheSameId() throws Exception {
        Programs.StandIn standIn = programs().standIn("alpha", "127.0.0.1", List.of("prontera"));
        Path strangers = Files.createDirectory(work.resolve("strangers"));
        Files.writeString(
                strangers.resolve("pids"), ProcessHandle.current().pid() + " 1999-01-01T00:00:00Z\nnonsense\n");
        assertThat(Programs.endLeftovers(strangers)).isZero();
        assertThat(Programs.endLeftovers(work)).isEqualTo(1);
        await().until(() -> !standIn.process().isAlive());
        assertThat(Programs.endLeftovers(work)).isZero();
    }
}
