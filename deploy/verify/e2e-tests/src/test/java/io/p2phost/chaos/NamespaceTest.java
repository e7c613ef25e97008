package io.p2phost.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NamespaceTest {
    @Test
    void whatRunsInItReachesItsDoorsAndNothingElse() throws Exception {
        assumeThat(Namespace.whyNot()).isEmpty();
        try (Namespace namespace =
                        Namespace.open("p2p-test-" + ProcessHandle.current().pid());
                ServerSocketChannel door = namespace.door("127.0.0.1", 7_443)) {
            Process inside = bash(namespace, "cat < /dev/tcp/127.0.0.1/7443");
            door.accept().close();
            assertThat(inside.waitFor()).isZero();

            assertThat(bash(namespace, "cat < /dev/tcp/127.0.0.1/7444").waitFor())
                    .isNotZero();
            assertThat(text(bash(namespace, "cat /proc/net/dev")))
                    .contains("lo:")
                    .doesNotContain("eth");
            assertThat(isReachedFromHere(door)).isFalse();
        }
    }

    private static Process bash(Namespace namespace, String script) throws IOException {
        List<String> command = new ArrayList<>(namespace.words());
        command.addAll(List.of("bash", "-c", script));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static String text(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Somebody else may listen at this port here, but nobody came to the door. */
    private static boolean isReachedFromHere(ServerSocketChannel door) throws IOException {
        try (Socket client = new Socket()) {
            client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), 7_443));
        } catch (IOException e) {
            return false;
        }
        door.configureBlocking(false);
        return door.accept() != null;
    }
}
