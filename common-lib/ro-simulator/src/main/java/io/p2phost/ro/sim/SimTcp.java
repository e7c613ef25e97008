package io.p2phost.ro.sim;

import io.p2phost.ro.FramingException;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketFramer;
import io.p2phost.ro.PacketLengths;
import io.p2phost.ro.client.ClientVersions;
import io.p2phost.ro.inter.InterLengths;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Machines over real sockets: one thread runs them all, virtual threads read and write. What peers send faster than
 * the machines take it waits in their sockets.
 */
final class SimTcp implements AutoCloseable {
    private static final PacketLengths CLIENT = ClientVersions.builtIn().lengths(ClientVersions.BUILT_IN);
    private static final int MOST_TASKS = 1_024;
    private static final int MOST_UNSENT = 4_096;
    private static final int READ_BYTES = 65_536;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    private final BlockingQueue<Runnable> tasks = new ArrayBlockingQueue<>(MOST_TASKS);
    private final List<Machine> machines = new ArrayList<>();
    private final List<ServerSocket> listeners = new ArrayList<>();
    private final List<Connection> connections = new ArrayList<>();
    private final InstantSource clock;
    private final Thread thread;
    private volatile boolean closed;

    SimTcp(String name, InstantSource clock) {
        this.clock = clock;
        thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    }

    /** What cuts a stream into packets. */
    static class Cutter {
        private final PacketFramer framer;

        Cutter(PacketLengths lengths) {
            framer = new PacketFramer(lengths, InterLengths.LONGEST);
        }

        void feed(byte[] bytes, int length, Consumer<Packet> packets) {
            framer.feed(bytes, 0, length, packets);
        }

        /** Bytes that wait for the rest of their packet. */
        int held() {
            return framer.held();
        }
    }

    static Cutter cutter(PacketLengths lengths) {
        return new Cutter(lengths);
    }

    /** A char-server's answers: four bare bytes, then packets. */
    static final class CharAnswers extends Cutter {
        private final byte[] greeting = new byte[4];
        private int had;

        CharAnswers() {
            super(new PacketLengths("char to client", ClientPackets.CHAR_TO_CLIENT));
        }

        @Override
        void feed(byte[] bytes, int length, Consumer<Packet> packets) {
            int taken = Math.min(length, greeting.length - had);
            if (taken > 0) {
                System.arraycopy(bytes, 0, greeting, had, taken);
                had += taken;
                if (had == greeting.length) {
                    packets.accept(Packet.of(greeting.clone()));
                }
            }
            if (length > taken) {
                super.feed(Arrays.copyOfRange(bytes, taken, length), length - taken, packets);
            }
        }
    }

    /** What comes to a char-server's port, from clients and map-servers alike. */
    static Cutter charPort() {
        Map<Integer, Integer> lengths = new HashMap<>(ClientPackets.CLIENT_TO_CHAR);
        for (int id : InterLengths.MAP_TO_CHAR.ids()) {
            lengths.put(id, InterLengths.MAP_TO_CHAR.of(id));
        }
        return cutter(new PacketLengths("char port", lengths));
    }

    static PacketLengths clientLengths() {
        return CLIENT;
    }

    /** A client's packets; its first must come alone in one piece, or the map-server wants none of it. */
    static final class Entering extends Cutter {
        private boolean entered;

        Entering() {
            super(clientLengths());
        }

        @Override
        void feed(byte[] bytes, int length, Consumer<Packet> packets) {
            int expected = clientLengths().of(ClientPackets.CZ_ENTER);
            if (!entered && length != expected) {
                throw new IllegalArgumentException("entering: " + length + " bytes (expected: " + expected + ")");
            }
            entered = true;
            super.feed(bytes, length, packets);
        }
    }

    /** From now on; once. */
    void start(Machine... driven) {
        machines.addAll(List.of(driven));
        thread.start();
    }

    private void run() {
        while (!closed) {
            try {
                Runnable task = tasks.poll(untilNext().toNanos(), TimeUnit.NANOSECONDS);
                if (task != null) {
                    task.run();
                }
            } catch (InterruptedException e) {
                return;
            }
            machines.forEach(Machine::tick);
        }
    }

    private Duration untilNext() {
        Duration wait = LONGEST_WAIT;
        for (Machine machine : machines) {
            Instant deadline = machine.nextDeadline();
            if (deadline != null) {
                Duration left = Duration.between(clock.instant(), deadline);
                wait = left.compareTo(wait) < 0 ? left : wait;
            }
        }
        return wait.isNegative() ? Duration.ZERO : wait;
    }

    /** Runs it between two events and gives what it gives. */
    <T> T call(Callable<T> task) {
        CompletableFuture<T> done = new CompletableFuture<>();
        post(() -> {
            try {
                done.complete(task.call());
            } catch (Exception e) {
                done.completeExceptionally(e);
            }
        });
        try {
            return done.get(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("simulator: no answer", e);
        }
    }

    private void post(Runnable task) {
        try {
            while (!closed && !tasks.offer(task, 100, TimeUnit.MILLISECONDS)) {
                // Full: the sender's socket fills up meanwhile, which is what holds it back.
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Listens; gives the address it got.
     *
     * @param cutter for each new connection
     */
    InetSocketAddress listen(InetSocketAddress at, int backlog, Supplier<Cutter> cutter, Listener listener)
            throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(at, backlog);
        listeners.add(socket);
        Thread.ofVirtual().name("accept " + at).start(() -> accept(socket, cutter, listener));
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    private void accept(ServerSocket listening, Supplier<Cutter> cutter, Listener listener) {
        while (!closed) {
            try {
                Socket socket = listening.accept();
                int address = address(socket.getInetAddress());
                post(() -> open(socket, cutter.get(), listener.accept(address)));
            } catch (IOException e) {
                return;
            }
        }
    }

    private static int address(InetAddress address) {
        int value = 0;
        for (byte octet : address.getAddress()) {
            value = value << 8 | (octet & 0xff);
        }
        return value;
    }

    /** @param cutter what the peer of this address says */
    Dialer dialer(Function<Endpoint, Cutter> cutter) {
        return (to, link) -> Thread.ofVirtual().name("dial " + to).start(() -> {
            Socket socket = new Socket();
            try {
                socket.connect(to.socketAddress(), (int) CONNECT_TIMEOUT.toMillis());
                post(() -> open(socket, cutter.apply(to), link));
            } catch (IOException e) {
                close(socket);
                post(link::closed);
            }
        });
    }

    private void open(Socket socket, Cutter cutter, Link link) {
        try {
            socket.setTcpNoDelay(true);
        } catch (IOException e) {
            close(socket);
            link.closed();
            return;
        }
        Connection connection = new Connection(socket, link);
        connections.removeIf(Connection::over);
        connections.add(connection);
        connection.writer.start();
        link.opened(connection);
        Thread.ofVirtual().name("read " + socket).start(() -> connection.read(cutter));
    }

    private static void close(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception e) {
            // It is gone either way.
        }
    }

    /** Waits until what was sent is written, for a moment. */
    void drain() {
        Instant end = clock.instant().plus(CONNECT_TIMEOUT);
        for (Connection connection : call(() -> List.copyOf(connections))) {
            try {
                Duration left = Duration.between(clock.instant(), end);
                connection.writer.join(left.isNegative() ? Duration.ofMillis(1) : left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** Everything it has open ends at once; what was not sent yet is lost. */
    @Override
    public void close() {
        closed = true;
        listeners.forEach(SimTcp::close);
        thread.interrupt();
        try {
            // Not started where its port was taken.
            if (thread.isAlive()) {
                thread.join(CONNECT_TIMEOUT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        connections.forEach(connection -> close(connection.socket));
    }

    private final class Connection implements Wire {
        /** Nothing more will be sent. */
        private static final byte[] END = new byte[0];

        private final Socket socket;
        private final Link link;
        private final BlockingQueue<byte[]> unsent = new ArrayBlockingQueue<>(MOST_UNSENT);
        private final Thread writer;
        private boolean closedByUs;
        private volatile boolean over;

        Connection(Socket socket, Link link) {
            this.socket = socket;
            this.link = link;
            writer = Thread.ofVirtual().name("write " + socket).unstarted(this::write);
        }

        boolean over() {
            return over;
        }

        @Override
        public void send(Packet packet) {
            if (!closedByUs && !unsent.offer(packet.bytes().clone())) {
                // A peer that does not read is a peer that is gone.
                SimTcp.close(socket);
            }
        }

        @Override
        public void close() {
            closedByUs = true;
            if (!unsent.offer(END)) {
                SimTcp.close(socket);
            }
        }

        void write() {
            try {
                while (!closed) {
                    byte[] bytes = unsent.poll(1, TimeUnit.SECONDS);
                    if (bytes != null && bytes.length == 0) {
                        break;
                    }
                    if (bytes != null) {
                        socket.getOutputStream().write(bytes);
                    }
                    if (over) {
                        break;
                    }
                }
            } catch (IOException e) {
                // The reader tells.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                over = true;
                SimTcp.close(socket);
            }
        }

        void read(Cutter cutter) {
            byte[] bytes = new byte[READ_BYTES];
            try (InputStream in = socket.getInputStream()) {
                while (true) {
                    int length = in.read(bytes);
                    if (length < 0) {
                        break;
                    }
                    cutter.feed(bytes, length, packet -> post(() -> take(packet)));
                }
                if (cutter.held() > 0) {
                    broken("ends with " + cutter.held() + " bytes of a packet");
                }
            } catch (IOException e) {
                // Cut off: nobody promised more.
            } catch (FramingException | IllegalArgumentException e) {
                broken(String.valueOf(e.getMessage()));
            }
            over = true;
            SimTcp.close(socket);
            post(this::ended);
        }

        private void take(Packet packet) {
            try {
                if (!closedByUs) {
                    link.packet(packet);
                }
            } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
                // It says less than its kind does: whoever sent it is dropped.
                SimTcp.close(socket);
            }
        }

        private void broken(String why) {
            post(() -> {
                if (!closedByUs) {
                    link.broken(why);
                }
            });
        }

        private void ended() {
            if (!closedByUs) {
                closedByUs = true;
                link.closed();
            }
        }
    }
}
