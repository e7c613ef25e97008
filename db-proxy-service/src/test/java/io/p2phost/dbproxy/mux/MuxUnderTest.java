package io.p2phost.dbproxy.mux;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.dbproxy.mux.MuxSettings.Address;
import io.p2phost.dbproxy.mux.MuxSettings.Timing;
import io.p2phost.dbproxy.mux.SaveLimits.Gain;
import io.p2phost.ro.Packet;
import io.p2phost.ro.inter.AuthOk;
import io.p2phost.ro.inter.AuthRefused;
import io.p2phost.ro.inter.AuthRequest;
import io.p2phost.ro.inter.CharToMap;
import io.p2phost.ro.inter.MapList;
import io.p2phost.ro.inter.MapToChar;
import io.p2phost.ro.inter.SaveCharacter;
import io.p2phost.ro.inter.WhisperDelivery;
import io.p2phost.ro.layout.BuildLayout;
import io.p2phost.ro.layout.CharStatus;
import io.p2phost.ro.layout.MapPoint;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A multiplexer whose char-server, map-servers, relays and clock are the test's. */
final class MuxUnderTest implements Outside {
    static final MapName FIELD = MapName.of("prt_fild08");
    static final MapName CAVE = MapName.of("prt_maze01");
    static final String TOWN = "prontera";
    static final BuildLayout LAYOUT = BuildLayout.shipped(BuildLayout.LINUX_20200401);
    static final int STATUS_SIZE = LAYOUT.character().size();
    static final Address FRONT = new Address(0x7f000002, 7000);
    static final Address CORE = new Address(0x7f000001, 5121);
    static final String RELAY = "relay-1";
    private static final byte[] KEY = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    final List<Slot> dialed = new ArrayList<>();
    final List<String> decisions = new ArrayList<>();
    final List<Rehome> rehomes = new ArrayList<>();
    final List<String> relayOrders = new ArrayList<>();
    final List<Violation> violations = new ArrayList<>();
    final List<SaveSeen> saves = new ArrayList<>();
    final List<Found> found = new ArrayList<>();
    final List<SessionRow> rows = new ArrayList<>();
    final List<SavedGroup> journal = new ArrayList<>();
    /** How many saves each turn of transfers brought. */
    final List<Integer> together = new ArrayList<>();

    final List<Settled> settled = new ArrayList<>();
    /** Whose saves were overtaken. */
    final List<Integer> aside = new ArrayList<>();
    /** When off, nothing is written to the journal in time. */
    boolean journalWorks = true;
    /** When on, what was journaled is known to be written when {@link #written} is run. */
    boolean journalIsSlow;

    final Deque<Runnable> written = new ArrayDeque<>();

    final CharLine upstream = new CharLine();
    final Line coreUpstream = new Line();
    final Multiplexer mux;
    Instant now = Instant.parse("2026-11-21T10:00:00Z");
    /** When off, rows are kept only when the test says so. */
    boolean storeAnswers = true;

    final List<Runnable> unanswered = new ArrayList<>();

    /** Whoever stands there stands in a wall, on every map. */
    static final int WALL = 13;

    MuxUnderTest() {
        this(new SaveLimits(
                new Gain(1, 1, 1_000, 1_000, 0),
                Map.of(),
                List.of(Pattern.compile("PC_DIE_COUNTER|kill_.*")),
                (map, x, y) -> x != WALL,
                RareItems.NONE));
    }

    MuxUnderTest(SaveLimits limits) {
        this(limits, false);
    }

    MuxUnderTest(SaveLimits limits, boolean directEntries) {
        mux = new Multiplexer(
                new MuxSettings(FRONT, "s1", "p1", LAYOUT, Timing.USUAL, limits, directEntries), this, KEY, () -> now);
        mux.eligibleMaps(Set.of(FIELD, CAVE));
    }

    /** What was sent to somebody, as a connection sees it. */
    static class Line implements Wire {
        final List<Packet> sent = new ArrayList<>();

        @Nullable
        String closed;

        boolean heldUp;

        @Override
        public boolean isFlowing() {
            return !heldUp;
        }

        @Override
        public void send(Packet packet) {
            sent.add(packet.copy());
        }

        @Override
        public void close(String reason) {
            closed = reason;
        }

        List<String> ids() {
            return sent.stream()
                    .map(packet -> String.format("%04x", packet.id()))
                    .toList();
        }

        Packet last(int id) {
            return sent.stream()
                    .filter(packet -> packet.id() == id)
                    .reduce((first, second) -> second)
                    .orElseThrow(() -> new AssertionError(String.format("no %04x among %s", id, ids())));
        }

        /** What was sent since; the rest is forgotten. */
        List<String> take() {
            List<String> ids = ids();
            sent.clear();
            return ids;
        }
    }

    // ---- the char-server ----

    MuxUnderTest up() {
        mux.start(List.of(), List.of());
        login();
        return this;
    }

    void login() {
        loginWithoutCore();
        coreMaps();
    }

    void loginWithoutCore() {
        mux.upstreamOpened(Slot.MULTIPLEXER, upstream);
        mux.fromUpstream(Slot.MULTIPLEXER, Packet.fixed(CharToMap.LOGIN_ANSWER, 3));
        mux.fromUpstream(Slot.MULTIPLEXER, Packet.variable(CharToMap.STORAGE_TABLES, 4 + 284));
        answerKeepAlive();
        mux.fromUpstream(Slot.MULTIPLEXER, Packet.variable(CharToMap.MAPS_ACCEPTED, 53));
        mux.fromUpstream(Slot.MULTIPLEXER, Packet.variable(CharToMap.FAME_LISTS, 8));
    }

    void coreMaps() {
        mux.fromUpstream(
                Slot.MULTIPLEXER,
                Packet.variable(CharToMap.REMOTE_MAPS, 26)
                        .i32be(4, CORE.ip())
                        .u16be(8, CORE.port())
                        .text(10, 16, TOWN));
    }

    /** The char-server answers what it was asked, in order; it knows what its database took. */
    void answerKeepAlive() {
        while (!upstream.asked.isEmpty()) {
            Packet ask = upstream.asked.remove();
            if (ask.id() == MapToChar.KEEP_ALIVE) {
                mux.fromUpstream(Slot.MULTIPLEXER, Packet.fixed(CharToMap.KEEP_ALIVE_ANSWER, 2));
            } else {
                AuthRequest whose = new AuthRequest(ask);
                mux.fromUpstream(
                        Slot.MULTIPLEXER,
                        upstream.readable
                                ? AuthOk.of(whose.accountId(), upstream.record(whose.charId()))
                                        .packet()
                                : AuthRefused.of(whose).packet());
            }
        }
    }

    /** The line to the char-server. */
    static final class CharLine extends Line {
        final Deque<Packet> asked = new ArrayDeque<>();
        /** By character, as they are stored. */
        private final Map<Integer, byte[]> records = new HashMap<>();

        /** Whose saves it stores. */
        Predicate<Integer> takes = any -> true;

        boolean readable = true;

        byte[] record(int character) {
            return records.computeIfAbsent(character, any -> new byte[STATUS_SIZE]);
        }

        @Override
        public void send(Packet packet) {
            super.send(packet);
            switch (packet.id()) {
                case MapToChar.SAVE_CHARACTER -> {
                    SaveCharacter save = new SaveCharacter(packet);
                    if (takes.test(save.charId())) {
                        records.put(save.charId(), save.status(LAYOUT).bytes());
                    }
                }
                case MapToChar.AUTH_REQUEST -> {
                    if (new AuthRequest(packet).autotrade()) {
                        asked.add(packet.copy());
                    }
                }
                case MapToChar.KEEP_ALIVE -> asked.add(packet.copy());
                default -> {
                    // Goes unanswered.
                }
            }
        }
    }

    void charServerDies() {
        mux.upstreamClosed(Slot.MULTIPLEXER);
        upstream.sent.clear();
        upstream.asked.clear();
    }

    void pass(Duration time) {
        now = now.plus(time);
        mux.tick();
    }

    // ---- map-servers ----

    /** A map-server of this service's, and its line. */
    record Cell(MapServer server, Line line) {}

    Cell cell(MapName map, long epoch) {
        ServerKey.Cell key = new ServerKey.Cell(HostId.random(), map, Epoch.of(epoch));
        mux.ownerChanged(map, key.epoch(), key);
        return connect(key, false, map);
    }

    Cell reserve() {
        return connect(ServerKey.RESERVE, false, FIELD, CAVE);
    }

    Cell connect(ServerKey key, boolean standby, MapName... maps) {
        Line line = new Line();
        MapServer server = mux.serverOpened(key, standby, line);
        mux.fromServer(server, Packet.fixed(MapToChar.MAP_SERVER_LOGIN, 60).text(2, 24, "s1"));
        mux.fromServer(
                server, MapList.of(Stream.of(maps).map(MapName::value).toList()).packet());
        Cell cell = new Cell(server, line);
        answersWhisper(cell);
        line.sent.clear();
        return cell;
    }

    /** The map-server is through with what it was told before. */
    void answersWhisper(Cell cell) {
        cell.line().sent.stream()
                .filter(packet -> packet.id() == CharToMap.WHISPER)
                .reduce((first, last) -> last)
                .ifPresent(whisper -> from(cell, new WhisperDelivery(whisper).answer(WhisperDelivery.NOT_HERE)));
    }

    // ---- players ----

    /** A player; his login ids are made of his account. */
    record Player(int account, int character, String name) {
        int loginId1() {
            return account + 7;
        }
    }

    static Player player(int number) {
        return new Player(2_000_000 + number, 150_000 + number, "player" + number);
    }

    final List<EntryAnswer> answers = new ArrayList<>();

    void enters(Player player) {
        enters(player, RELAY);
    }

    void enters(Player player, String relay) {
        mux.enter(
                new EntryRequest(relay, 0x0a000001, player.account(), player.character(), player.loginId1(), 0),
                answers::add);
    }

    EntryAnswer.Routed routed() {
        if (answers.isEmpty() || !(answers.getLast() instanceof EntryAnswer.Routed routed)) {
            throw new AssertionError("not routed: " + answers);
        }
        return routed;
    }

    void accepted(Player player, MapName map) {
        mux.fromUpstream(Slot.MULTIPLEXER, authOk(player, map.value()));
    }

    static Packet authOk(Player player, String map) {
        Packet ok = Packet.variable(CharToMap.AUTH_OK, 25 + STATUS_SIZE)
                .u32(4, player.account())
                .u32(8, player.loginId1())
                .u32(12, player.loginId1() + 1)
                .u32(20, 99);
        status(ok, 25, player, map);
        return ok;
    }

    static CharStatus status(Packet packet, int at, Player player, String map) {
        return new CharStatus(packet, at, LAYOUT.character())
                .set("char_id", player.character())
                .set("account_id", player.account())
                .set("base_level", 10)
                .set("job_level", 5)
                .set("base_exp", 100)
                .set("hp", 40)
                .set("zeny", 500)
                .name(player.name())
                .lastPoint(new MapPoint(map, 50, 60))
                .savePoint(new MapPoint(TOWN, 1, 1));
    }

    /** The map-server's question for a player who was routed to it. */
    void collects(Cell cell, Player player, int loginId1) {
        mux.fromServer(
                cell.server(),
                Packet.fixed(MapToChar.AUTH_REQUEST, 20)
                        .u32(2, player.account())
                        .u32(6, player.character())
                        .u32(10, loginId1));
    }

    /** He is in play on that cell. */
    void plays(Player player, MapName map, Cell cell) {
        comes(player, map, cell);
        isLoaded(player, cell);
    }

    /** His map-server has him, and is still to load what is his. */
    void comes(Player player, MapName map, Cell cell) {
        enters(player);
        accepted(player, map);
        collects(cell, player, routed().route().loginId1());
        cell.line().last(CharToMap.AUTH_OK);
        for (Line line : List.of(cell.line(), upstream)) {
            line.sent.clear();
        }
    }

    /** His map-server has asked for his status changes, the last that it loads. */
    void isLoaded(Player player, Cell cell) {
        mux.fromUpstream(
                Slot.MULTIPLEXER,
                Packet.variable(CharToMap.STATUS_CHANGES, 14)
                        .u32(4, player.account())
                        .u32(8, player.character()));
        cell.line().sent.clear();
    }

    /** His connection at the relay is gone. */
    void goes(Player player) {
        mux.connectionGone(player.account(), routed().number());
    }

    Packet save(Player player, String map, int quit) {
        Packet save = Packet.variable(MapToChar.SAVE_CHARACTER, 13 + STATUS_SIZE)
                .u32(4, player.account())
                .u32(8, player.character())
                .u8(12, quit);
        status(save, 13, player, map);
        return save;
    }

    static CharStatus statusOf(Packet save) {
        return new CharStatus(save, 13, LAYOUT.character());
    }

    void from(Cell cell, Packet packet) {
        mux.fromServer(cell.server(), packet);
    }

    static PlayerSession row(SessionRow row) {
        return row.session(Instant.EPOCH);
    }

    Pseudonyms pseudonyms() {
        return new Pseudonyms(KEY);
    }

    // ---- the rest of the suite ----

    @Override
    public void dial(Slot slot) {
        dialed.add(slot);
    }

    @Override
    public void keep(SessionRow row, Runnable done) {
        rows.add(row);
        if (storeAnswers) {
            done.run();
        } else {
            unanswered.add(done);
        }
    }

    @Override
    public void forget(int account, long number) {
        rows.removeIf(row -> row.account() == account);
    }

    @Override
    public void journal(SavedGroup group, Runnable written) {
        if (journalWorks) {
            journal.add(group);
            if (journalIsSlow) {
                this.written.add(written);
            } else {
                written.run();
            }
        }
    }

    @Override
    public void together(Runnable action) {
        int before = journal.size();
        action.run();
        together.add(journal.size() - before);
    }

    @Override
    public void settled(Settled outcome, Duration took) {
        settled.add(outcome);
    }

    @Override
    public void setAside(int character) {
        aside.add(character);
        applied(character);
    }

    @Override
    public void applied(int character) {
        journal.removeIf(group -> group.character() == character);
    }

    @Override
    public void decide(MapName map, int account, @Nullable String relay) {
        decisions.add(map + " " + account);
    }

    @Override
    public void rehome(Rehome rehome) {
        rehomes.add(rehome);
    }

    @Override
    public void release(String relay, int account, long number) {
        relayOrders.add("release " + account);
    }

    @Override
    public void kick(String relay, int account, long number) {
        relayOrders.add("kick " + account);
    }

    @Override
    public void violated(Violation violation) {
        violations.add(violation);
    }

    @Override
    public void saved(SaveSeen seen) {
        saves.add(seen);
    }

    @Override
    public void found(Found item) {
        found.add(item);
    }
}
