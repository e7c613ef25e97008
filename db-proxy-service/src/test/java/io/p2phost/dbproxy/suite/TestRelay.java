package io.p2phost.dbproxy.suite;

import io.p2phost.contracts.Owner;
import io.p2phost.dbproxy.suite.DbProxyClient.Route;
import io.p2phost.ro.Packet;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A simple relay over real sockets: what {@code SimRelay} is in virtual time. It asks db-proxy before anybody reaches a
 * map-server, writes the pseudonym into the entering packet, keeps clients whose map-server ends, and moves them when
 * db-proxy says so. One thread decides everything.
 */
final class TestRelay implements AutoCloseable, RelayApi.Orders {
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration ANNOUNCE = Duration.ofSeconds(5);
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final int CONNECT_MILLIS = 5_000;
    /**
     * rAthena listens with a backlog of 5: who is one too many waits a second for the kernel's next try. A place is taken
     * from the dialling to the first packet.
     */
    private static final int DIALS_AT_ONCE = 4;

    /** A map-server that says nothing holds up nobody else for longer. */
    private static final Duration DIAL = Duration.ofMillis(500);

    private static final int BACKLOG = 128;
    private static final int MOST_CLIENTS = 10_000;

    private final Settings settings;
    private final ServerSocket front;
    private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("test-relay").factory());
    private final Semaphore dialling = new Semaphore(DIALS_AT_ONCE);
    private final InstantSource clock = InstantSource.system();
    private final Map<Integer, RelayPlayer> players = new LinkedHashMap<>();
    private final List<RelayPlayer> clients = new ArrayList<>();
    /** When accounts' connections ended. */
    private final Map<Integer, Instant> ended = new HashMap<>();

    private final List<String> faults = new CopyOnWriteArrayList<>();
    private final DbProxyClient dbProxy;
    private final RelayApi api;
    private volatile Form form;

    /** How a player is moved to another map-server. */
    enum Form {
        /** His client is told to connect again (0x0ac7), as at any server change. */
        SERVER_MOVE,
        /** His client keeps its connection and is told of a new map (0x0091). */
        SPLICE
    }

    /**
     * How a relay is set up.
     *
     * @param front where clients connect; port 0 lets the system choose
     * @param token gives a token for db-proxy that is valid now
     * @param hosts where a host's map-server listens: stands for its tunnel
     * @param form how players are moved at first
     * @param journal is told what happens to which account, for figures
     */
    record Settings(
            String id,
            InetSocketAddress front,
            URI dbProxy,
            Supplier<String> token,
            Function<String, @Nullable InetSocketAddress> hosts,
            Form form,
            BiConsumer<Integer, String> journal) {}

    private TestRelay(Settings settings) throws IOException {
        this.settings = settings;
        this.form = settings.form;
        front = new ServerSocket(settings.front.getPort(), BACKLOG, settings.front.getAddress());
        dbProxy = new DbProxyClient(settings.id, settings.dbProxy, settings.token);
        try {
            api = new RelayApi(this, front());
        } catch (IOException e) {
            front.close();
            throw e;
        }
    }

    static TestRelay start(Settings settings) throws IOException {
        TestRelay relay = new TestRelay(settings);
        Thread.ofVirtual().name("front").start(relay::accept);
        relay.every(RETRY, () -> List.copyOf(relay.clients).forEach(RelayPlayer::retry));
        relay.every(ANNOUNCE, relay::announce);
        return relay;
    }

    private void every(Duration interval, Runnable task) {
        loop.scheduleWithFixedDelay(guarded(task), 0, interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** A mistake in here must show, and must not stop the rest. */
    private Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                faults.add(e + " at " + e.getStackTrace()[0]);
            }
        };
    }

    private void execute(Runnable task) {
        loop.execute(guarded(task));
    }

    private void onLoop(Runnable task) {
        try {
            execute(task);
        } catch (RejectedExecutionException e) {
            // Closed meanwhile.
        }
    }

    InetSocketAddress front() {
        return (InetSocketAddress) front.getLocalSocketAddress();
    }

    /** Where db-proxy tells it of moves. */
    String apiUrl() {
        return api.url();
    }

    /** Players are moved so from now on. */
    void move(Form by) {
        form = by;
    }

    /** Mistakes of its own; empty, or the test is worth nothing. */
    List<String> faults() {
        return List.copyOf(faults);
    }

    private void announce() {
        dbProxy.announce(front().getHostString(), apiUrl());
    }

    private void accept() {
        while (true) {
            try {
                Socket socket = front.accept();
                onLoop(() -> welcome(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void welcome(Socket socket) {
        RelayPlayer player = new RelayPlayer(this, socket.getInetAddress().getHostAddress());
        try {
            PacketSocket client = new PacketSocket(socket, this::execute, player);
            if (clients.size() >= MOST_CLIENTS) {
                client.cut();
                return;
            }
            clients.add(player);
            player.connected(client);
            client.start();
        } catch (IOException e) {
            // It has gone already.
            closeQuietly(socket);
        }
    }

    // ---- db-proxy's orders ----

    @Override
    public CompletableFuture<Boolean> rehome(int account, Route route) {
        return order(account, player -> player.move(route));
    }

    private boolean isRemembered(int account) {
        Instant end = ended.get(account);
        return end != null && end.plus(GRACE).isAfter(clock.instant());
    }

    @Override
    public CompletableFuture<Boolean> release(int account, long number) {
        return order(account, RelayPlayer::release);
    }

    @Override
    public CompletableFuture<Boolean> kick(int account, long number) {
        return order(account, RelayPlayer::kick);
    }

    private CompletableFuture<Boolean> order(int account, Consumer<RelayPlayer> what) {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        onLoop(() -> {
            RelayPlayer player = players.get(account);
            try {
                if (player != null) {
                    what.accept(player);
                }
            } finally {
                done.complete(player != null || isRemembered(account));
            }
        });
        return done;
    }

    // ---- for players, on the loop ----

    Form form() {
        return form;
    }

    DbProxyClient dbProxy() {
        return dbProxy;
    }

    Instant now() {
        return clock.instant();
    }

    void note(int account, String what) {
        settings.journal.accept(account, what);
    }

    /** Runs it on the loop when the answer is there. */
    <T> void then(CompletableFuture<T> answer, Consumer<T> task) {
        answer.thenAccept(value -> onLoop(() -> task.accept(value)));
    }

    void entered(int account, RelayPlayer player) {
        players.put(account, player);
    }

    /** Whether he is gone: his account has no newer connection here. */
    boolean left(int account, RelayPlayer player) {
        clients.remove(player);
        if (player.hasEntered()) {
            ended.put(account, now());
            ended.values().removeIf(end -> end.plus(GRACE).isBefore(now()));
        }
        return players.remove(account, player);
    }

    /** Connects to an owner's map-server, from an address of the account's own. */
    void dial(int account, Owner owner, PacketSocket.Listener listener, DialResult result) {
        InetSocketAddress to = resolve(owner);
        if (to == null) {
            result.done(null);
            return;
        }
        Thread.ofVirtual().name("dial " + to).start(() -> {
            Socket socket = new Socket();
            Place place = new Place(listener);
            try {
                dialling.acquire();
                place.taken();
                socket.bind(new InetSocketAddress(sourceOf(account), 0));
                socket.connect(to, CONNECT_MILLIS);
                PacketSocket server = new PacketSocket(socket, this::execute, place);
                onLoop(() -> {
                    result.done(server);
                    server.start();
                });
            } catch (IOException e) {
                closeQuietly(socket);
                onLoop(() -> result.done(null));
            } catch (InterruptedException | RejectedExecutionException e) {
                closeQuietly(socket);
            }
        });
    }

    /** One of the places for dialling: free again when the map-server has answered, or has had its time. */
    private final class Place implements PacketSocket.Listener {
        private final PacketSocket.Listener listener;
        private boolean free;

        Place(PacketSocket.Listener listener) {
            this.listener = listener;
        }

        void taken() {
            loop.schedule(this::leave, DIAL.toMillis(), TimeUnit.MILLISECONDS);
        }

        private void leave() {
            if (!free) {
                free = true;
                dialling.release();
            }
        }

        @Override
        public void packet(Packet packet) {
            leave();
            listener.packet(packet);
        }

        @Override
        public void closed() {
            leave();
            listener.closed();
        }
    }

    /** A connection, or null. */
    interface DialResult {
        void done(@Nullable PacketSocket server);
    }

    private @Nullable InetSocketAddress resolve(Owner owner) {
        String address = owner.address();
        if (address == null) {
            return settings.hosts.apply(owner.id());
        }
        int colon = address.lastIndexOf(':');
        return new InetSocketAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
    }

    /** 127.64.0.0/10: map-servers count connections by address, and tell players apart by it. */
    private static InetAddress sourceOf(int account) throws IOException {
        int low = Math.max(1, account & 0x3f_ffff);
        return InetAddress.getByAddress(new byte[] {127, (byte) (64 | low >>> 16), (byte) (low >>> 8), (byte) low});
    }

    private static void closeQuietly(Closeable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is closed either way.
        }
    }

    @Override
    public void close() {
        closeQuietly(front);
        onLoop(() -> List.copyOf(clients).forEach(RelayPlayer::cut));
        loop.shutdown();
        api.close();
        dbProxy.close();
    }
}
