package io.p2phost.chaos;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A player's router: it lets connections out and none in, and who is called sees its address. It can be cut, forget what
 * it let out, and come back with another address.
 */
public final class Nat implements AutoCloseable {
    private static final int BUFFER = 16 * 1024;

    private final Set<Way> ways = new HashSet<>();
    private final Set<Integer> blocked = new HashSet<>();
    private final List<ServerSocketChannel> doors = new ArrayList<>();
    private InetAddress outside;
    private boolean held;
    private boolean closed;

    /** @param outside the address that the called see */
    public Nat(InetAddress outside) {
        this.outside = outside;
    }

    /** Who connects to this door is taken to that place. */
    public synchronized void open(ServerSocketChannel door, InetSocketAddress to) {
        doors.add(door);
        Thread.ofVirtual().name("nat-door-" + to.getPort()).start(() -> accept(door, to));
    }

    private void accept(ServerSocketChannel door, InetSocketAddress to) {
        while (door.isOpen()) {
            try {
                SocketChannel inside = door.accept();
                Thread.ofVirtual().start(() -> connect(inside, to));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void connect(SocketChannel inside, InetSocketAddress to) {
        try {
            awaitLink();
            if (isBlocked(to.getPort())) {
                inside.close();
                return;
            }
            SocketChannel called = SocketChannel.open();
            try {
                called.bind(new InetSocketAddress(outside(), 0));
                called.connect(to);
            } catch (IOException e) {
                called.close();
                throw e;
            }
            Way way = new Way(to.getPort(), inside, called);
            if (!add(way)) {
                way.cut();
                return;
            }
            Thread.ofVirtual().start(() -> way.carry(inside, called));
            way.carry(called, inside);
        } catch (IOException e) {
            close(inside);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close(inside);
        }
    }

    private synchronized boolean add(Way way) {
        return !closed && !blocked.contains(way.port) && ways.add(way);
    }

    private synchronized boolean isBlocked(int port) {
        return closed || blocked.contains(port);
    }

    private synchronized InetAddress outside() {
        return outside;
    }

    private synchronized void awaitLink() throws InterruptedException {
        while (held && !closed) {
            wait();
        }
    }

    /** Every connection is reset, and what comes next comes from another address. */
    public void rebind(InetAddress next) {
        for (Way way : allWith(next)) {
            way.cut();
        }
    }

    /** It restarts without a word: what it let out before gets nothing through any more, in neither direction, and no end. */
    public void forget(InetAddress next) {
        for (Way way : allWith(next)) {
            way.silent = true;
        }
    }

    private synchronized List<Way> allWith(InetAddress next) {
        outside = next;
        return List.copyOf(ways);
    }

    /** The line is down: nothing passes and nothing is lost, until {@link #release()}. */
    public synchronized void hold() {
        held = true;
    }

    public synchronized void release() {
        held = false;
        notifyAll();
    }

    /** That port cannot be reached through it: connections are reset, new ones end at once. */
    public void block(int port) {
        List<Way> cut;
        synchronized (this) {
            blocked.add(port);
            cut = ways.stream().filter(way -> way.port == port).toList();
        }
        cut.forEach(Way::cut);
    }

    public synchronized void unblock(int port) {
        blocked.remove(port);
    }

    /** How many connections lead out. */
    public synchronized int connections() {
        return ways.size();
    }

    /** A connection that was let out. */
    private final class Way {
        private final int port;
        private final SocketChannel inside;
        private final SocketChannel called;
        private volatile boolean silent;

        Way(int port, SocketChannel inside, SocketChannel called) {
            this.port = port;
            this.inside = inside;
            this.called = called;
        }

        void carry(SocketChannel from, SocketChannel to) {
            ByteBuffer bytes = ByteBuffer.allocate(BUFFER);
            try {
                while (from.read(bytes.clear()) >= 0) {
                    awaitLink();
                    bytes.flip();
                    while (!silent && bytes.hasRemaining()) {
                        to.write(bytes);
                    }
                }
                awaitLink();
            } catch (IOException e) {
                // Either side ended it.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (silent && to.isOpen()) {
                // The other side is not told.
                Nat.close(from);
            } else {
                cut();
            }
        }

        void cut() {
            Nat.close(inside);
            Nat.close(called);
            synchronized (Nat.this) {
                ways.remove(this);
            }
        }
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // It is gone all the same.
        }
    }

    @Override
    public void close() throws IOException {
        List<Way> all;
        List<ServerSocketChannel> open;
        synchronized (this) {
            closed = true;
            notifyAll();
            all = List.copyOf(ways);
            open = List.copyOf(doors);
        }
        for (ServerSocketChannel door : open) {
            door.close();
        }
        all.forEach(Way::cut);
    }
}
