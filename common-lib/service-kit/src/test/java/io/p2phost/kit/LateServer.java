package io.p2phost.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A way to a server that is shut at first: its port is taken, yet nobody is let through until {@link #open()}. */
final class LateServer implements AutoCloseable {
    private final ServerSocket port;
    private final InetSocketAddress server;
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private volatile boolean open;

    private LateServer(ServerSocket port, InetSocketAddress server) {
        this.port = port;
        this.server = server;
    }

    /** The way to {@code host:port}, shut. */
    static LateServer at(String address) {
        try {
            int colon = address.lastIndexOf(':');
            LateServer late = new LateServer(
                    new ServerSocket(0, 50, java.net.InetAddress.getLoopbackAddress()),
                    new InetSocketAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1))));
            Thread.ofVirtual().start(late::accept);
            return late;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return port.getLocalPort();
    }

    void open() {
        open = true;
    }

    private void accept() {
        try {
            while (true) {
                Socket client = port.accept();
                sockets.add(client);
                if (!open) {
                    client.close();
                    continue;
                }
                Socket upstream = new Socket(server.getAddress(), server.getPort());
                sockets.add(upstream);
                Thread.ofVirtual().start(() -> copy(client, upstream));
                Thread.ofVirtual().start(() -> copy(upstream, client));
            }
        } catch (IOException e) {
            close();
        }
    }

    private static void copy(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // Either end closed: the other is closed with it.
        }
    }

    @Override
    public void close() {
        try {
            port.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
