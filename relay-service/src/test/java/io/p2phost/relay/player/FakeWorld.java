package io.p2phost.relay.player;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import io.p2phost.ro.FramingException;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketFramer;
import io.p2phost.ro.PacketLengths;
import io.p2phost.ro.client.ClientIds;
import io.p2phost.ro.client.ClientVersions;
import io.p2phost.ro.client.Enter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Everything around sessions, on a clock that stands still: the test moves it. */
final class FakeWorld implements Loop, DbProxy, MapServers, Maps, PlayerEvents, Commands, Tap.Taps {
    static final PacketLengths LENGTHS = ClientVersions.builtIn().lengths(ClientVersions.BUILT_IN);
    static final HostId ALPHA = HostId.random();
    static final HostId BETA = HostId.random();

    final Players players = new Players(this::nanoTime);
    final List<Asked> asked = new ArrayList<>();
    final List<String> signals = new ArrayList<>();
    final List<Runnable> restarts = new ArrayList<>();
    final List<Consumer<Boolean>> walks = new ArrayList<>();
    final List<Consumer<Boolean>> gifts = new ArrayList<>();
    final List<String> hosted = new ArrayList<>();
    final List<FakeServer> dialled = new ArrayList<>();
    final List<String> events = new ArrayList<>();
    final List<String> taps = new ArrayList<>();
    final List<Asker> askers = new ArrayList<>();
    final List<String> questions = new ArrayList<>();
    final List<Consumer<List<String>>> answers = new ArrayList<>();
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final PriorityQueue<Due> alarms = new PriorityQueue<>(Comparator.comparingLong(due -> due.at));
    private long now = 1_000_000_000L;
    int alone;

    private static final class Due {
        private final long at;
        private final Runnable task;
        private boolean cancelled;

        Due(long at, Runnable task) {
            this.at = at;
            this.task = task;
        }
    }

    record Asked(Enter enter, String clientIp, Consumer<Entry> answer) {}

    // ---- the loop ----

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public Alarm after(Duration delay, Runnable task) {
        Due due = new Due(now + delay.toNanos(), task);
        alarms.add(due);
        return () -> due.cancelled = true;
    }

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public void ask(Loop loop, Asker asker, String words, Consumer<List<String>> answer) {
        askers.add(asker);
        questions.add(words);
        answers.add(answer);
    }

    @Override
    public Tap tap(Destination to, int account, Loop loop) {
        taps.add("tap " + to.owner().id() + " " + account);
        return new Tap() {
            @Override
            public void fromServer(int id, ByteBuf in, int at, int length) {
                taps.add(String.format("server %04x %d", id, length));
            }

            @Override
            public void fromClient(int id, ByteBuf in, int at, int length) {
                taps.add(String.format("client %04x %d", id, length));
            }

            @Override
            public void end() {
                taps.add("end");
            }
        };
    }

    void turn() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    void pass(Duration time) {
        long end = now + time.toNanos();
        turn();
        for (Due due = alarms.peek(); due != null && due.at <= end; due = alarms.peek()) {
            alarms.remove();
            now = due.at;
            if (!due.cancelled) {
                due.task.run();
            }
            turn();
        }
        now = end;
    }

    // ---- db-proxy ----

    @Override
    public void enter(Loop loop, Enter enter, String clientIp, Consumer<Entry> answer) {
        asked.add(new Asked(enter, clientIp, answer));
    }

    @Override
    public void restartSeen(Loop loop, int account, long number, Runnable told) {
        signals.add("restart " + account + " " + number);
        restarts.add(told);
    }

    @Override
    public void walked(Loop loop, int account, long number, MapName map, int x, int y, Consumer<Boolean> taken) {
        signals.add("walked " + account + " " + number + " " + map + " " + x + " " + y);
        walks.add(taken);
    }

    @Override
    public void gives(Loop loop, int account, long number, Consumer<Boolean> taken) {
        signals.add("gives " + account + " " + number);
        gifts.add(taken);
    }

    @Override
    public void gave(int account, long number) {
        signals.add("gave " + account + " " + number);
    }

    @Override
    public void took(int account, long number) {
        signals.add("took " + account + " " + number);
    }

    @Override
    public boolean isHosted(MapName map) {
        return hosted.contains(map.value());
    }

    @Override
    public void gone(int account, long number) {
        signals.add("gone " + account + " " + number);
    }

    void answer(Entry entry) {
        asked.getLast().answer().accept(entry);
        turn();
    }

    static Destination to(HostId host, long number) {
        return new Destination(
                Owner.host(host), MapName.of("prt_fild08"), Epoch.of(number), 7_000 + (int) number, number, 100, 80);
    }

    // ---- map-servers ----

    @Override
    public Runnable dial(Loop loop, Destination to, int account, ServerLink.Events events) {
        FakeServer server = new FakeServer(to, account, events);
        dialled.add(server);
        return () -> server.givenUp = true;
    }

    FakeServer server() {
        return dialled.getLast();
    }

    /** A map-server and the connection to it. */
    final class FakeServer implements ServerLink {
        final Destination to;
        final int account;
        private final Events events;
        final List<Packet> received = new ArrayList<>();
        private final PacketFramer framer = new PacketFramer(LENGTHS, Packet.LONGEST);
        private final List<Byte> raw = new ArrayList<>();
        private boolean unframed;
        boolean givenUp;
        boolean closed;
        boolean abandoned;
        boolean reading = true;
        boolean writable = true;

        FakeServer(Destination to, int account, Events events) {
            this.to = to;
            this.account = account;
            this.events = events;
        }

        FakeServer connect() {
            events.connected(this);
            return this;
        }

        void fail() {
            events.failed("refused");
        }

        void say(Packet... packets) {
            for (Packet packet : packets) {
                events.received(Unpooled.copiedBuffer(packet.bytes()));
            }
        }

        void sayBytes(byte... bytes) {
            events.received(Unpooled.copiedBuffer(bytes));
        }

        void end() {
            events.ended();
            turn();
        }

        void becomeWritable() {
            writable = true;
            events.writable();
        }

        List<Integer> ids() {
            return received.stream().map(Packet::id).toList();
        }

        @Override
        public void send(ByteBuf bytes) {
            byte[] copy = ByteBufUtil.getBytes(bytes);
            bytes.release();
            for (byte each : copy) {
                raw.add(each);
            }
            if (!unframed) {
                try {
                    framer.feed(copy, 0, copy.length, received::add);
                } catch (FramingException e) {
                    unframed = true;
                }
            }
        }

        List<Byte> rawBytes() {
            return raw;
        }

        @Override
        public boolean isWritable() {
            return writable;
        }

        @Override
        public void reading(boolean on) {
            reading = on;
        }

        @Override
        public void abandon() {
            abandoned = true;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    // ---- clients ----

    /** A client and its connection. */
    final class FakeClient implements ClientLink {
        final List<Packet> seen = new ArrayList<>();
        final List<Byte> rest = new ArrayList<>();
        final PlayerSession session;
        private @Nullable PacketFramer framer = new PacketFramer(LENGTHS, Packet.LONGEST);
        boolean closed;
        boolean reading;
        boolean writable = true;
        boolean inGame;

        FakeClient(PlayerSettings.Form form) {
            this(LENGTHS, ClientIds.STANDARD, null, form);
        }

        FakeClient(PacketLengths lengths, ClientIds ids, @Nullable Destination reserve, PlayerSettings.Form form) {
            session = new PlayerSession(
                    new PlayerSettings(
                            lengths,
                            ids,
                            reserve,
                            form,
                            0x7f00_0002,
                            7_000,
                            new PlayerSettings.Flow(
                                    10,
                                    50,
                                    1_000,
                                    4_000,
                                    Map.of(
                                            Kind.ACTION, new PlayerSettings.Rate(2, 4),
                                            Kind.CHAT, new PlayerSettings.Rate(2, 4))),
                            PlayerSettings.Timing.USUAL),
                    new PlayerSession.Parts(
                            FakeWorld.this,
                            FakeWorld.this,
                            FakeWorld.this,
                            FakeWorld.this,
                            players,
                            FakeWorld.this,
                            FakeWorld.this,
                            FakeWorld.this),
                    this);
            session.start();
        }

        void send(Packet... packets) {
            for (Packet packet : packets) {
                sendBytes(packet.bytes());
            }
        }

        void sendBytes(byte... bytes) {
            session.clientReceived(Unpooled.copiedBuffer(bytes));
            turn();
        }

        void leave() {
            closed = true;
            session.clientEnded();
            turn();
        }

        /** What it sees is no stream of packets any more. */
        void readsRaw() {
            framer = null;
        }

        List<Integer> ids() {
            return seen.stream().map(Packet::id).toList();
        }

        List<Integer> newIds() {
            List<Integer> ids = List.copyOf(ids());
            seen.clear();
            return ids;
        }

        @Override
        public void inGame() {
            inGame = true;
        }

        @Override
        public String address() {
            return "192.0.2.7";
        }

        @Override
        public void write(ByteBuf bytes) {
            byte[] copy = ByteBufUtil.getBytes(bytes);
            bytes.release();
            if (framer == null) {
                for (byte each : copy) {
                    rest.add(each);
                }
            } else {
                framer.feed(copy, 0, copy.length, seen::add);
            }
        }

        @Override
        public void flush() {
            // Everything arrives at once here.
        }

        @Override
        public boolean isWritable() {
            return writable;
        }

        @Override
        public void reading(boolean on) {
            reading = on;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    // ---- what is counted ----

    @Override
    public void turnedAway(TurnedAway why) {
        events.add("turned away " + why);
    }

    @Override
    public void entered() {
        events.add("entered");
    }

    @Override
    public void moved(PlayerSettings.Form form) {
        events.add("moved " + form);
    }

    @Override
    public void backAfter(long nanos) {
        events.add("back after " + TimeUnit.NANOSECONDS.toMillis(nanos));
    }

    @Override
    public void alone(boolean now) {
        alone += now ? 1 : -1;
    }

    @Override
    public void givenUp() {
        events.add("given up");
    }

    @Override
    public void opaque() {
        events.add("opaque");
    }

    @Override
    public void unreadable(boolean now) {
        events.add(now ? "unreadable" : "unreadable no more");
    }

    @Override
    public void fled() {
        events.add("fled");
    }

    @Override
    public void tooMany(Kind kind) {
        events.add("too many of " + kind);
    }

    @Override
    public void slowed() {
        events.add("slowed");
    }
}
