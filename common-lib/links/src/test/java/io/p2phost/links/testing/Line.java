package io.p2phost.links.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** A line between two programs that can fall silent or break, as networks do. */
public final class Line implements AutoCloseable {
    private final ServerSocket listening;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final InetSocketAddress target;
    private final AtomicLong untilBreak = new AtomicLong();
    private volatile boolean silent;

    public Line(InetSocketAddress target) {
        this.target = target;
        try {
            listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().name("line-accept").start(this::accept);
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) listening.getLocalSocketAddress();
    }

    /** From now on bytes are swallowed in both directions; no connection is closed. */
    public void fallSilent() {
        silent = true;
    }

    /** New bytes and connections pass again. */
    public void heal() {
        silent = false;
    }

    /** Breaks off, once, after so many more bytes in both directions together. */
    public void breakOffAfter(long bytes) {
        untilBreak.set(bytes);
    }

    /** How many bytes are left until it breaks off; 0 or less when it has, or need not. */
    public long untilBreak() {
        return untilBreak.get();
    }

    /** Resets every connection; new ones are taken. */
    public void breakOff() {
        List<Socket> open = List.copyOf(sockets);
        sockets.removeAll(open);
        for (Socket socket : open) {
            try {
                socket.setSoLinger(true, 0);
                socket.close();
            } catch (SocketException e) {
                // Closed already.
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket near = listening.accept();
                sockets.add(near);
                Socket far = new Socket(target.getAddress(), target.getPort());
                sockets.add(far);
                Thread.ofVirtual().name("line").start(() -> pass(near, far));
                Thread.ofVirtual().name("line").start(() -> pass(far, near));
            } catch (IOException e) {
                // The far side is away, or the line is closed; the near side finds its connection broken.
                breakOff();
            }
        }
    }

    private void pass(Socket from, Socket to) {
        byte[] buffer = new byte[16 * 1024];
        try (from;
                to) {
            for (int n = from.getInputStream().read(buffer);
                    n >= 0;
                    n = from.getInputStream().read(buffer)) {
                long left = untilBreak.get() <= 0 ? Long.MAX_VALUE : untilBreak.addAndGet(-n) + n;
                if (!silent) {
                    to.getOutputStream().write(buffer, 0, (int) Math.min(n, left));
                }
                if (left <= n) {
                    breakOff();
                }
            }
        } catch (IOException e) {
            // One end is gone; try-with-resources closes the other.
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        breakOff();
    }
}
