package io.p2phost.links.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** A line between two programs that can fall silent or break, as networks do. */
public final class Line implements AutoCloseable {
    private final ServerSocket listening;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final Set<Socket> stranded = ConcurrentHashMap.newKeySet();
    private final InetSocketAddress target;
    private final AtomicLong untilBreak = new AtomicLong();
    private volatile boolean silent;
    private volatile long delayNanos;
    private final AtomicLong underWay = new AtomicLong();
    private final AtomicLong mostUnderWay = new AtomicLong();

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

    /** The connections that there are fall silent for good; new ones pass. */
    public void strand() {
        stranded.addAll(sockets);
    }

    /** Every byte of new connections takes so long from one end to the other; they only end whole. */
    public void delay(Duration oneWay) {
        delayNanos = oneWay.toNanos();
    }

    /** The most bytes that were under way at once on connections that are delayed, both directions together. */
    public long mostUnderWay() {
        return mostUnderWay.get();
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

    /** Ends every connection in good order, as the system of a process that was killed does. */
    public void hangUp() {
        for (Socket socket : sockets) {
            try {
                socket.shutdownOutput();
            } catch (IOException e) {
                // Closed already.
            }
        }
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

    private static final class Piece {
        private final byte[] bytes;
        private final long dueAt;

        Piece(byte[] bytes, long dueAt) {
            this.bytes = bytes;
            this.dueAt = dueAt;
        }
    }

    /** As a long line does: as much as there is may be under way. */
    private void passLate(Socket from, Socket to, long nanos) {
        BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
        Thread writer = Thread.ofVirtual().name("line-late").start(() -> {
            try (to) {
                for (Piece next = pieces.take(); next.bytes.length > 0; next = pieces.take()) {
                    for (long left = next.dueAt - System.nanoTime(); left > 0; left = next.dueAt - System.nanoTime()) {
                        LockSupport.parkNanos(left);
                    }
                    to.getOutputStream().write(next.bytes);
                    underWay.addAndGet(-next.bytes.length);
                }
            } catch (IOException | InterruptedException e) {
                // The far end is gone.
            }
        });
        byte[] buffer = new byte[64 * 1024];
        try (from) {
            for (int n = from.getInputStream().read(buffer);
                    n >= 0;
                    n = from.getInputStream().read(buffer)) {
                long now = underWay.addAndGet(n);
                mostUnderWay.accumulateAndGet(now, Math::max);
                pieces.add(new Piece(Arrays.copyOf(buffer, n), System.nanoTime() + nanos));
            }
        } catch (IOException e) {
            writer.interrupt();
        }
        pieces.add(new Piece(new byte[0], 0));
    }

    private void pass(Socket from, Socket to) {
        if (delayNanos > 0) {
            passLate(from, to, delayNanos);
            return;
        }
        byte[] buffer = new byte[16 * 1024];
        try {
            for (int n = from.getInputStream().read(buffer);
                    n >= 0;
                    n = from.getInputStream().read(buffer)) {
                long left = untilBreak.get() <= 0 ? Long.MAX_VALUE : untilBreak.addAndGet(-n) + n;
                if (!silent && !stranded.contains(from)) {
                    to.getOutputStream().write(buffer, 0, (int) Math.min(n, left));
                }
                if (left <= n) {
                    breakOff();
                }
            }
            // Closed whole, a socket with bytes unread would be reset, and the far end lose what it has not read.
            to.shutdownOutput();
            if (from.isOutputShutdown()) {
                end(from, to);
            }
        } catch (IOException e) {
            end(from, to);
        }
    }

    private static void end(Socket one, Socket other) {
        try (one;
                other) {
            // Both directions have ended, or one end is gone.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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
