package io.p2phost.bench;

import io.p2phost.ro.Packet;
import io.p2phost.ro.client.ClientToMap;
import io.p2phost.ro.client.Enter;
import io.p2phost.ro.client.MapToClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Both ends of many players' ways: their clients, and the map-server they play on. A message is timed from the moment in
 * which it was due until its last byte has come. One thread.
 */
final class RelayEnds implements AutoCloseable {
    private static final int FIRST_ACCOUNT = 2_000_000;
    private static final int PLAYERS_PER_ADDRESS = 50;
    private static final int MOST_ENTERING = 100;
    private static final int BACKLOG = 4_096;
    private static final int READ_BYTES = 1 << 18;
    private static final Duration ENTERING = Duration.ofSeconds(90);
    private static final Duration LAST_MESSAGE = Duration.ofSeconds(10);
    private static final int ENTER_BYTES = Enter.of(0, 0, 0, 0, 0).packet().length();
    private static final byte[] ACCEPTED = accepted();
    private static final byte[] LOADED = Packet.fixed(ClientToMap.MAP_LOADED, 2).bytes();

    private final Selector selector = Selector.open();
    private final ServerSocketChannel listening = ServerSocketChannel.open();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES);
    private final List<Player> players = new ArrayList<>();
    private final Map<Integer, Player> byAccount = new HashMap<>();
    private Timings timings = new Timings();
    private long onTheWay;
    private long arrivedBytes;
    private int playing;
    private int lost;

    /** What one window measured. */
    record Result(long messages, long bytes, double seconds, Timings.Latency latency) {}

    private static final class Player {
        private @Nullable End client;
        private @Nullable End server;
    }

    /** On its way to an end; then something may be done. */
    private record Message(
            long due, int size, boolean timed, @Nullable Runnable then) {}

    /** One end of a connection, and what is on its way to it. */
    private final class End {
        private final SocketChannel channel;
        private final SelectionKey key;
        private final Deque<Message> coming = new ArrayDeque<>();
        private final Deque<ByteBuffer> unsent = new ArrayDeque<>();
        private int got;

        End(SocketChannel channel, int interest) throws IOException {
            this.channel = channel;
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            this.key = channel.register(selector, interest, this);
        }

        void send(byte[] message) throws IOException {
            ByteBuffer bytes = ByteBuffer.wrap(message);
            if (unsent.isEmpty()) {
                channel.write(bytes);
            }
            if (bytes.hasRemaining()) {
                unsent.add(bytes);
                key.interestOpsOr(SelectionKey.OP_WRITE);
            }
        }

        private void sendRest() throws IOException {
            for (ByteBuffer next = unsent.peek(); next != null; next = unsent.peek()) {
                channel.write(next);
                if (next.hasRemaining()) {
                    return;
                }
                unsent.remove();
            }
            key.interestOpsAnd(~SelectionKey.OP_WRITE);
        }

        private void receive(long now) throws IOException {
            int count = channel.read(buffer.clear());
            if (count < 0) {
                end();
                return;
            }
            got += count;
            for (Message next = coming.peek(); next != null && got >= next.size; next = coming.peek()) {
                coming.remove();
                got -= next.size;
                if (next.timed) {
                    timings.add(now - next.due);
                    arrivedBytes += next.size;
                    onTheWay--;
                }
                if (next.then != null) {
                    next.then.run();
                }
            }
        }

        /** Whoever forwards has let a player down. */
        private void end() throws IOException {
            key.cancel();
            channel.close();
            lost++;
        }
    }

    RelayEnds() throws IOException {
        listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
        listening.configureBlocking(false);
        listening.register(selector, SelectionKey.OP_ACCEPT);
    }

    private static byte[] accepted() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(Packet.fixed(MapToClient.ENTER_SEEN, 6).bytes());
        bytes.writeBytes(Packet.fixed(MapToClient.ENTER_ACCEPTED, 13).bytes());
        return bytes.toByteArray();
    }

    /** Where the map-server listens. */
    int mapServer() throws IOException {
        return ((InetSocketAddress) listening.getLocalAddress()).getPort();
    }

    /** Who plays and has not been let down. */
    int playing() {
        return playing - lost;
    }

    /** That many more players connect to that port, from addresses of 127.0.0.0/16, and load their map. */
    void join(int port, int more) throws IOException {
        int all = players.size() + more;
        long end = System.nanoTime() + ENTERING.toNanos();
        while (playing < all) {
            while (players.size() < all && players.size() - playing < MOST_ENTERING) {
                connect(port);
            }
            poll(1);
            if (System.nanoTime() > end || lost > 0) {
                throw new IOException("players: " + playing + " let in, " + lost + " cut (expected: " + all
                        + " let in within " + ENTERING.toSeconds() + " s)");
            }
        }
    }

    private void connect(int port) throws IOException {
        int index = players.size();
        int account = FIRST_ACCOUNT + index;
        int address = index / PLAYERS_PER_ADDRESS;
        SocketChannel channel = SocketChannel.open();
        channel.bind(new InetSocketAddress(
                InetAddress.getByAddress(new byte[] {127, 0, (byte) (1 + address / 200), (byte) (1 + address % 200)}),
                0));
        channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        Player player = new Player();
        End client = new End(channel, SelectionKey.OP_READ);
        player.client = client;
        players.add(player);
        byAccount.put(account, player);
        client.coming.add(new Message(0, ACCEPTED.length, false, () -> load(player)));
        client.send(Enter.of(account, 150_000 + index, 4_711, 1, 1).packet().bytes());
    }

    /** His map-server's word has come. */
    private void load(Player player) {
        end(player.server).coming.add(new Message(0, LOADED.length, false, () -> playing++));
        send(end(player.client), LOADED);
    }

    private static End end(@Nullable End known) {
        if (known == null) {
            throw new IllegalStateException("a player without map-server");
        }
        return known;
    }

    private static void send(End from, byte[] message) {
        try {
            from.send(message);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void accept() throws IOException {
        for (SocketChannel accepted = listening.accept(); accepted != null; accepted = listening.accept()) {
            accepted.configureBlocking(false);
            accepted.register(selector, SelectionKey.OP_READ, ByteBuffer.allocate(ENTER_BYTES));
        }
    }

    /** The packet that enters says whose connection this is. */
    private void enter(SelectionKey key, ByteBuffer first) throws IOException {
        SocketChannel channel = (SocketChannel) key.channel();
        int count;
        try {
            count = channel.read(first);
        } catch (IOException e) {
            count = -1;
        }
        if (count < 0) {
            // Somebody looked whether anybody listens.
            channel.close();
        } else if (!first.hasRemaining()) {
            byte[] packet = new byte[ENTER_BYTES];
            first.flip().get(packet);
            int account = new Enter(Packet.of(packet)).accountId();
            Player player = byAccount.get(account);
            if (player == null) {
                throw new IOException("account: " + account + " (expected: one that connected)");
            }
            End server = new End(channel, SelectionKey.OP_READ);
            player.server = server;
            server.send(ACCEPTED);
        }
    }

    private void poll(long millis) throws IOException {
        if (millis > 0) {
            selector.select(millis);
        } else {
            selector.selectNow();
        }
        long now = System.nanoTime();
        for (SelectionKey key : selector.selectedKeys()) {
            if (!key.isValid()) {
                continue;
            }
            if (key.attachment() instanceof End end) {
                if (key.isWritable()) {
                    end.sendRest();
                }
                if (key.isReadable()) {
                    end.receive(now);
                }
            } else if (key.attachment() instanceof ByteBuffer first) {
                enter(key, first);
            } else {
                accept();
            }
        }
        selector.selectedKeys().clear();
    }

    /** Messages at a steady rate, to one player after the other; one in {@code upEvery} is the player's own. */
    Result steady(int perSecond, int upEvery, Duration time) throws IOException {
        return steady(RelayTraffic.USUAL, perSecond, upEvery, time);
    }

    /** Likewise, with these messages. */
    Result steady(RelayTraffic.Mix mix, int perSecond, int upEvery, Duration time) throws IOException {
        begin();
        long interval = Duration.ofSeconds(1).toNanos() / perSecond;
        long start = System.nanoTime();
        long messages = time.toNanos() / interval;
        long sent = 0;
        while (sent < messages) {
            long due = start + sent * interval;
            if (System.nanoTime() >= due) {
                int index = (int) (sent % players.size());
                Player player = players.get(index);
                // Not the same players always.
                boolean up = (sent + sent / players.size()) % upEvery == 0;
                byte[] message = up ? mix.toServer(sent) : mix.toPlayer(FIRST_ACCOUNT + index, sent);
                send(
                        end(up ? player.client : player.server),
                        end(up ? player.server : player.client),
                        message,
                        due,
                        null);
                sent++;
            }
            poll(0);
            check();
        }
        return finish(messages, start);
    }

    /** As much as goes through: so many messages are always on their way to each player. */
    Result flood(byte[] message, int each, Duration time) throws IOException {
        begin();
        long start = System.nanoTime();
        long end = start + time.toNanos();
        long[] sent = new long[1];
        for (Player player : players) {
            for (int i = 0; i < each; i++) {
                next(player, message, end, sent);
            }
        }
        while (System.nanoTime() < end) {
            poll(1);
            check();
        }
        return finish(sent[0], start);
    }

    private void next(Player player, byte[] message, long end, long[] sent) {
        long now = System.nanoTime();
        if (now < end) {
            sent[0]++;
            send(end(player.server), end(player.client), message, now, () -> next(player, message, end, sent));
        }
    }

    private void send(End from, End to, byte[] message, long due, @Nullable Runnable then) {
        to.coming.add(new Message(due, message.length, true, then));
        onTheWay++;
        send(from, message);
    }

    private void begin() {
        timings = new Timings();
        arrivedBytes = 0;
    }

    private Result finish(long messages, long start) throws IOException {
        long end = System.nanoTime() + LAST_MESSAGE.toNanos();
        while (onTheWay > 0) {
            poll(1);
            check();
            if (System.nanoTime() > end) {
                throw new IOException("messages: " + onTheWay + " have not come (expected: none)");
            }
        }
        return new Result(messages, arrivedBytes, (System.nanoTime() - start) / 1e9, timings.latency());
    }

    private void check() throws IOException {
        if (lost > 0) {
            throw new IOException("players: " + lost + " were cut (expected: none)");
        }
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
