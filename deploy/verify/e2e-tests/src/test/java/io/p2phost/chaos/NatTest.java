package io.p2phost.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NatTest {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();
    private static final int PATIENCE_MILLIS = 10_000;

    private ServerSocket server;
    private ServerSocketChannel door;
    private Nat nat;

    @BeforeEach
    void open() throws IOException {
        server = new ServerSocket(0, 10, HERE);
        server.setSoTimeout(PATIENCE_MILLIS);
        door = ServerSocketChannel.open().bind(new InetSocketAddress(HERE, 0));
        nat = new Nat(InetAddress.ofLiteral("127.0.1.2"));
        nat.open(door, (InetSocketAddress) server.getLocalSocketAddress());
    }

    @AfterEach
    void close() throws IOException {
        nat.close();
        server.close();
    }

    private Socket client() throws IOException {
        Socket client = new Socket(HERE, ((InetSocketAddress) door.getLocalAddress()).getPort());
        client.setSoTimeout(PATIENCE_MILLIS);
        return client;
    }

    private static void passes(Socket from, Socket to) throws IOException {
        from.getOutputStream().write(7);
        assertThat(to.getInputStream().read()).isEqualTo(7);
    }

    @Test
    void calledSeesTheNatsAddressAndBytesPassBothWays() throws IOException {
        try (Socket client = client();
                Socket called = server.accept()) {
            assertThat(called.getInetAddress().getHostAddress()).isEqualTo("127.0.1.2");
            passes(client, called);
            passes(called, client);
        }
    }

    @Test
    void reboundNatEndsWhatWasAndComesFromAnotherAddress() throws IOException {
        try (Socket client = client();
                Socket called = server.accept()) {
            passes(client, called);
            nat.rebind(InetAddress.ofLiteral("127.0.1.3"));
            assertThat(called.getInputStream().read()).isEqualTo(-1);
            assertThat(nat.connections()).isZero();
            try (Socket next = client();
                    Socket seen = server.accept()) {
                assertThat(seen.getInetAddress().getHostAddress()).isEqualTo("127.0.1.3");
                passes(next, seen);
            }
        }
    }

    @Test
    void forgottenConnectionGetsNothingThroughAndNoEnd() throws IOException {
        try (Socket client = client();
                Socket called = server.accept()) {
            passes(client, called);
            nat.forget(InetAddress.ofLiteral("127.0.1.3"));
            client.getOutputStream().write(7);
            client.shutdownOutput();
            called.setSoTimeout(300);
            assertThatThrownBy(() -> called.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
            try (Socket next = client();
                    Socket seen = server.accept()) {
                passes(next, seen);
            }
        }
    }

    @Test
    void heldLineKeepsBytesAndConnectionsUntilItIsReleased() throws IOException {
        try (Socket client = client();
                Socket called = server.accept()) {
            nat.hold();
            client.getOutputStream().write(7);
            called.setSoTimeout(300);
            assertThatThrownBy(() -> called.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
            nat.release();
            called.setSoTimeout(PATIENCE_MILLIS);
            assertThat(called.getInputStream().read()).isEqualTo(7);
        }
    }

    @Test
    void blockedPortIsCutAndNotReachedUntilItIsUnblocked() throws IOException {
        int port = server.getLocalPort();
        try (Socket client = client();
                Socket called = server.accept()) {
            passes(client, called);
            nat.block(port);
            assertThat(called.getInputStream().read()).isEqualTo(-1);
            try (Socket refused = client()) {
                assertThat(refused.getInputStream().read()).isEqualTo(-1);
            }
            nat.unblock(port);
            try (Socket next = client();
                    Socket seen = server.accept()) {
                passes(next, seen);
            }
        }
    }

    @Test
    void connectionThatEndsIsForgotten() throws IOException {
        try (Socket client = client();
                Socket called = server.accept()) {
            passes(client, called);
        }
        await().atMost(Duration.ofSeconds(10)).until(() -> nat.connections() == 0);
    }
}
