package io.p2phost.dbproxy.mux;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.dbproxy.mux.SimSuite.Hosted;
import io.p2phost.ro.Field;
import io.p2phost.ro.FramingException;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketFramer;
import io.p2phost.ro.PacketLayout;
import io.p2phost.ro.PacketLengths;
import io.p2phost.ro.inter.CharToMap;
import io.p2phost.ro.inter.InterLengths;
import io.p2phost.ro.inter.InterPackets;
import io.p2phost.ro.inter.MapToChar;
import io.p2phost.ro.inter.OwnIds;
import io.p2phost.ro.inter.SaveCharacter;
import io.p2phost.ro.inter.SaveVariables;
import io.p2phost.ro.inter.Variable;
import io.p2phost.ro.inter.Whisper;
import io.p2phost.ro.inter.WhisperDelivery;
import io.p2phost.ro.inter.WhisperResult;
import io.p2phost.ro.layout.CharStatus;
import io.p2phost.ro.layout.StructLayout;
import io.p2phost.ro.sim.Endpoint;
import io.p2phost.ro.sim.Point;
import io.p2phost.ro.sim.SimClient;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A host that knows all that a host may know, and sends whatever there is: of nobody but its own players anything
 * changes, and of nobody else does it learn anything.
 */
class HostileHostTest {
    private static final int IN_A_BATCH = 100;
    /** Saves of variables of one player: more than may wait. */
    private static final int FLOOD = 4 * PendingSaves.MAX_VARIABLE_SAVES + 100;

    @Test
    void harmsNobodyButItsOwnPlayers() {
        histories(20_000, new SplittableRandom().nextLong());
    }

    @Test
    @Tag("deep")
    void harmsNobodyInALongTime() {
        histories(1_000_000, new SplittableRandom().nextLong());
    }

    private static void histories(int sequences, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        // A new suite now and then: what a long history of one cannot reach any more, another can.
        for (int left = sequences; left > 0; ) {
            long own = random.nextLong();
            int some = Math.min(left, 5 * IN_A_BATCH);
            try {
                new History(own).run(some);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + ", history " + own + ": " + e.getMessage(), e);
            }
            left -= some;
        }
    }

    /** One installation, one hostile host in it. */
    private static final class History {
        private static final StructLayout RECORD = HandMadeHost.LAYOUT.character();
        private static final List<String> POINTS = List.of("last_point", "save_point");
        /** Answers that repeat the ids of the question, and nothing else. */
        private static final Set<Integer> ECHOES =
                Set.of(CharToMap.SAVE_ACK, CharToMap.ITEMS_SAVED, CharToMap.AUTH_REFUSED, CharToMap.CHAR_NAME);

        private static final List<String> MAPS = List.of(
                "prt_fild08",
                "prt_fild07",
                "prt_fild05",
                "prontera",
                "prt_fild06",
                "",
                "nowhere",
                "x', zeny='9",
                "a#b");
        private static final long[] NUMBERS = {
            0,
            1,
            2,
            3,
            7,
            98,
            99,
            100,
            127,
            128,
            255,
            256,
            999,
            1_000,
            10_001,
            32_767,
            32_768,
            65_535,
            65_536,
            0x7fff_ffffL,
            0x8000_0000L,
            0xffff_ffffL,
            -1,
            Long.MAX_VALUE,
            Long.MIN_VALUE
        };
        /** What is worth sending often. */
        private static final int[] FAVOURITES = {
            MapToChar.SAVE_CHARACTER,
            MapToChar.SAVE_CHARACTER,
            MapToChar.SAVE_CHARACTER,
            MapToChar.AUTH_REQUEST,
            MapToChar.CHAR_SELECT_REQUEST,
            MapToChar.SAVE_ITEMS,
            MapToChar.SAVE_STATUS_CHANGES,
            MapToChar.SAVE_BONUS_SCRIPTS,
            MapToChar.SAVE_VARIABLES,
            MapToChar.LOAD_VARIABLES,
            MapToChar.LOAD_ITEMS,
            MapToChar.LOAD_STATUS_CHANGES,
            MapToChar.WHISPER,
            MapToChar.PARTY_MESSAGE,
            MapToChar.ADD_PARTY_MEMBER,
            MapToChar.LOAD_PARTY,
            MapToChar.CHAR_ONLINE,
            MapToChar.ONLINE_USERS,
            MapToChar.CREATE_PET,
            MapToChar.LOAD_PET,
            MapToChar.SAVE_PET,
            MapToChar.CREATE_HOMUNCULUS,
            MapToChar.LOAD_HOMUNCULUS,
            MapToChar.SAVE_HOMUNCULUS,
            MapToChar.SAVE_MERCENARY,
            MapToChar.DELETE_ELEMENTAL
        };
        /** With these a player is gone, and with him what else could be done. */
        private static final Set<Integer> FAREWELLS =
                Set.of(MapToChar.CHAR_OFFLINE, MapToChar.SERVER_CHANGE, MapToChar.MAP_LIST);

        private final SplittableRandom random;
        private final SimSuite suite;
        private final WatchedCharServer charServer = new WatchedCharServer(this::arrives);
        private final List<PacketLayout> layouts;
        private final SimClient mallory;
        private final SimClient moe;
        private final SimClient victor;
        private final SimClient rita;
        private final int olga;
        private final int foreignParty;
        private final Hosted next;
        private final HandMadeHost host;
        private final VirtualHost from;
        private final List<Integer> own;
        private final List<Integer> ownCharacters;
        private final int[] accounts;
        private final int[] characters;
        private final int[] parties;
        /** Its players' own, others', and none. */
        private final Map<CompanionKind, int[]> companions = new EnumMap<>(CompanionKind.class);

        private final Map<CompanionKind, Integer> foreignCompanions = new EnumMap<>(CompanionKind.class);
        private final Map<Integer, byte[]> foreignBefore = new HashMap<>();
        private final Set<String> unread = new TreeSet<>();
        private int checked;
        private boolean replaying;

        /** How the host reaches its port of db-proxy. */
        private record VirtualHost(io.p2phost.ro.sim.Dialer dialer, Endpoint charPort) {}

        History(long seed) {
            random = new SplittableRandom(seed);
            suite = new SimSuite(seed);
            suite.net.unlisten(SimSuite.CHAR);
            suite.net.listen(SimSuite.CHAR, charServer.over(suite.charServer));
            suite.until(
                    "up again", () -> suite.proxy.mux.isUp() && suite.core.ready() && suite.core.otherServers() > 0);
            layouts = List.copyOf(InterPackets.MAP_TO_CHAR.packets());
            mallory = client("mallory", SimSuite.FIELD.value());
            moe = client("moe", SimSuite.FIELD.value());
            victor = client("victor", SimSuite.NEXT.value());
            rita = client("rita", SimSuite.LAST.value());
            client("olga", SimSuite.FIELD.value());
            List<Integer> ids = suite.database.characterIds();
            olga = ids.get(4);
            foreignParty = suite.database.formParty("Pair", List.of(ids.get(2), olga));
            next = suite.owner(SimSuite.NEXT);
            Hosted field = suite.owner(SimSuite.FIELD);
            Endpoint at = suite.entrance(field.key()).orElseThrow();
            suite.kill(field.server());
            host = new HandMadeHost(suite.net, at, "cell", "any", SimSuite.FIELD.value());
            from = new VirtualHost(suite.net.host("127.0.1.3"), Endpoint.of("127.0.1.1:" + at.port()));
            connect();
            suite.play(mallory);
            suite.play(moe);
            suite.play(victor);
            suite.play(rita);
            own = List.of(mallory.accountId(), moe.accountId());
            ownCharacters = List.of(mallory.charId(), moe.charId());
            int olgaAccount = suite.database.status(olga).accountId();
            accounts = new int[] {own.get(0), own.get(1), victor.accountId(), rita.accountId(), olgaAccount, 0, -1, 1};
            characters = new int[] {ids.get(0), ids.get(1), ids.get(2), ids.get(3), olga, 0, -1, 150_999};
            parties = new int[] {foreignParty, 0, foreignParty + 1, foreignParty + 2, -1};
            foreign().forEach(id -> foreignBefore.put(id, still(id)));
            for (CompanionKind kind : CompanionKind.values()) {
                int victors = charServer.companions.create(kind, victor.charId());
                foreignCompanions.put(kind, victors);
                int next = charServer.companions.create(kind, olga) + 1;
                companions.put(kind, new int[] {0, -1, victors, next - 1, next, next + 4, next + 8, next + 12});
            }
        }

        private SimClient client(String name, String map) {
            return suite.client(name, 0, new Point(map, 50, 50));
        }

        private List<Integer> foreign() {
            return List.of(victor.charId(), rita.charId(), olga);
        }

        /** What does not change of one who stands still. */
        private byte[] still(int character) {
            return suite.database.status(character).bytes();
        }

        private void stayConnected() {
            if (host.closed) {
                connect();
            }
        }

        private void connect() {
            host.received.clear();
            checked = 0;
            host.dial(from.dialer, from.charPort);
            suite.until("hostile map-server", host::announced);
        }

        void run(int sequences) {
            for (int done = 0; done < sequences; done += IN_A_BATCH) {
                for (int i = 0; i < Math.min(IN_A_BATCH, sequences - done); i++) {
                    stayConnected();
                    sequence();
                    suite.run(10);
                    learnedNothing();
                    if (i % 10 == 9 && suite.proxy.mux.playersOn(SimSuite.FIELD) < own.size()) {
                        comeBack();
                    }
                }
                suite.run(1_000);
                learnedNothing();
                harmedNobody();
                if (random.nextInt(40) == 0) {
                    withoutCharServer();
                }
            }
        }

        /** What waits for the char-server meanwhile is bounded, and nothing of anybody else is in it. */
        private void withoutCharServer() {
            suite.killCharServer();
            suite.run(1_000);
            for (int i = 0; i < IN_A_BATCH; i++) {
                if (host.closed) {
                    connect();
                }
                sequence();
                suite.run(10);
                learnedNothing();
            }
            flood();
            charServer.arrived.clear();
            replaying = true;
            suite.startCharServer();
            suite.net.listen(SimSuite.CHAR, charServer.over(suite.charServer));
            suite.until("up again", suite.proxy.mux::isUp);
            suite.run(100);
            replaying = false;
            assertThat(arrived(MapToChar.REMOVE_FRIEND))
                    .as("requests that waited")
                    .isLessThanOrEqualTo((long) own.size() * Upstream.MAX_WAITING);
            // Once before our maps are announced, and perhaps again after it.
            assertThat(arrived(MapToChar.SAVE_VARIABLES))
                    .as("saves that waited")
                    .isLessThanOrEqualTo(2L * own.size() * PendingSaves.MAX_VARIABLE_SAVES);
            suite.until("core", () -> suite.core.ready() && suite.core.otherServers() > 0);
            suite.run(1_000);
            learnedNothing();
            harmedNobody();
        }

        /** More of everything that waits than may wait. */
        private void flood() {
            if (host.closed) {
                connect();
            }
            for (int i = 0; i < own.size() * FLOOD; i++) {
                int who = i % own.size();
                host.send(InterPackets.MAP_TO_CHAR
                        .packet(MapToChar.REMOVE_FRIEND)
                        .create()
                        .u32(2, characters[who]));
                host.send(SaveVariables.of(accounts[who], characters[who], List.of(Variable.number("SIM_KILLS", 0, i)))
                        .packet());
                host.send(SaveCharacter.of(
                                accounts[who],
                                characters[who],
                                false,
                                suite.database.status(characters[who]).bytes())
                        .packet());
            }
            suite.run(1_000);
        }

        private long arrived(int id) {
            return charServer.arrived.stream()
                    .filter(packet -> packet.id() == id)
                    .count();
        }

        // ---- what it sends ----

        private void sequence() {
            PacketFramer framer = InterLengths.fromMapServer();
            int packets = 1 + random.nextInt(6);
            for (int i = 0; i < packets && !host.closed; i++) {
                byte[] bytes = bytes();
                try {
                    framer.feed(bytes, 0, bytes.length, host::send);
                } catch (FramingException e) {
                    // As its connection does when db-proxy cannot read on.
                    host.hangUp();
                }
            }
        }

        private byte[] bytes() {
            int id = random.nextInt(3) == 0
                    ? layouts.get(random.nextInt(layouts.size())).id()
                    : FAVOURITES[random.nextInt(FAVOURITES.length)];
            if (FAREWELLS.contains(id) && random.nextInt(4) > 0) {
                id = MapToChar.SAVE_CHARACTER;
            }
            Packet packet = id == MapToChar.SAVE_CHARACTER && random.nextInt(10) > 0
                    ? save()
                    : id == MapToChar.SAVE_VARIABLES && random.nextInt(3) > 0
                            ? variables()
                            : filled(InterPackets.MAP_TO_CHAR.packet(id));
            byte[] bytes = packet.bytes().clone();
            if (random.nextInt(200) == 0) {
                bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length) + 1);
            } else if (random.nextInt(200) == 0 && bytes.length > 3) {
                bytes[2 + random.nextInt(2)] = (byte) random.nextInt();
            } else if (random.nextInt(50) == 0) {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }
            return bytes;
        }

        private Packet filled(PacketLayout layout) {
            Packet packet = layout.length() == PacketLengths.VARIABLE ? layout.create(length(layout)) : layout.create();
            int start = layout.length() == PacketLengths.VARIABLE ? 4 : 2;
            if (random.nextInt(3) == 0) {
                for (int at = start; at < Math.min(packet.length(), 200); at++) {
                    packet.u8(at, random.nextInt(256));
                }
            }
            int who = anybody();
            for (Field field : layout.fields()) {
                if (field.end() <= packet.length()) {
                    fill(packet, layout, field, random.nextInt(8) == 0 ? anybody() : who);
                }
            }
            return packet;
        }

        /** One of its own players every other time. */
        private int anybody() {
            return random.nextBoolean() ? random.nextInt(2) : random.nextInt(accounts.length);
        }

        private int length(PacketLayout layout) {
            if ((layout.id() == MapToChar.CREATE_PARTY || layout.id() == MapToChar.ADD_PARTY_MEMBER)
                    && random.nextInt(4) > 0) {
                return layout.field("account_id").offset()
                        + HandMadeHost.LAYOUT.struct("party_member").size();
            }
            int offset = layout.entries() == null ? 0 : layout.list().offset();
            if (offset > 0 && random.nextInt(10) > 0) {
                String structure = layout.list().structure();
                int size = structure.isEmpty()
                        ? layout.list().size()
                        : HandMadeHost.LAYOUT.structs().containsKey(structure)
                                ? HandMadeHost.LAYOUT.struct(structure).size()
                                : 16;
                return Math.max(layout.least(), offset + size * (layout.list().single() ? 1 : random.nextInt(4)));
            }
            return layout.least() + random.nextInt(100);
        }

        private void fill(Packet packet, PacketLayout layout, Field field, int who) {
            switch (field.type()) {
                case TEXT, MAPNAME -> {
                    int room = field.size() == Field.TO_THE_END ? packet.length() - field.offset() : field.size();
                    byte[] text = text(field.name(), who).getBytes(StandardCharsets.ISO_8859_1);
                    packet.bytes(field.offset(), Arrays.copyOf(text, room));
                }
                case BYTES -> {
                    // As it is: zeros, or random.
                }
                default -> field.set(packet, number(packet, layout, field, who));
            }
        }

        private String text(String field, int who) {
            return switch (random.nextInt(4)) {
                case 0 -> MAPS.get(random.nextInt(MAPS.size()));
                case 1 ->
                    List.of("Mallory", "Moe", "Victor", "Rita", "Olga", "Nobody")
                            .get(random.nextInt(6));
                case 2 -> "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
                default ->
                    field.equals("sender")
                            ? List.of("Mallory", "Moe", "Victor", "Rita", "Olga", "", "", "")
                                    .get(who)
                            : field.equals("map") ? "prontera" : "Victor";
            };
        }

        private long number(Packet packet, PacketLayout layout, Field field, int who) {
            if (random.nextInt(20) == 0) {
                return NUMBERS[random.nextInt(NUMBERS.length)];
            }
            String name = field.name();
            boolean known = who < 2 && host.has(accounts[who]);
            CompanionKind kind = CompanionKind.of(layout.id());
            if (name.endsWith("account_id")) {
                return accounts[who];
            } else if (name.endsWith("char_id")) {
                return characters[who];
            } else if (kind != null && name.equals(kind.name().toLowerCase(Locale.ROOT) + "_id")) {
                return companion(kind);
            } else if (name.equals("party_id")) {
                return parties[random.nextInt(parties.length)];
            } else if (name.equals("login_id1") && known) {
                return host.player(accounts[who]).loginId1();
            } else if (name.equals("login_id2") && known) {
                return host.player(accounts[who]).loginId2();
            } else if (name.equals("kind")) {
                return random.nextInt(5);
            } else if (name.equals("count")
                    && layout.entries() != null
                    && packet.length() >= layout.list().offset()) {
                int size = layout.list().size();
                String structure = layout.list().structure();
                if (HandMadeHost.LAYOUT.structs().containsKey(structure)) {
                    size = HandMadeHost.LAYOUT.struct(structure).size();
                }
                return size > 0 ? layout.list().count(packet, size) : 0;
            }
            return NUMBERS[random.nextInt(NUMBERS.length)];
        }

        /** What it was told is its own as often as anybody else's. */
        private int companion(CompanionKind kind) {
            List<Integer> told = host.received.stream()
                    .filter(packet -> packet.id() == kind.loaded || packet.id() == kind.created)
                    .map(kind::number)
                    .toList();
            int[] others = companions.getOrDefault(kind, new int[1]);
            return !told.isEmpty() && random.nextBoolean()
                    ? told.get(random.nextInt(told.size()))
                    : others[random.nextInt(others.length)];
        }

        /** A record as the host was given it, or another's, with something changed. */
        private Packet save() {
            int who = random.nextInt(3) > 0 ? random.nextInt(2) : random.nextInt(5);
            CharStatus status = new CharStatus(
                    Packet.of(suite.database.status(characters[who]).bytes().clone()), 0, RECORD);
            int changes = random.nextInt(4);
            for (int i = 0; i < changes; i++) {
                change(status);
            }
            int header = random.nextInt(10) == 0 ? random.nextInt(accounts.length) : who;
            return SaveCharacter.of(accounts[header], characters[header], random.nextInt(200) == 0, status.bytes())
                    .packet();
        }

        private void change(CharStatus status) {
            switch (random.nextInt(40) == 0 ? 0 : 1 + random.nextInt(6)) {
                case 1 -> status.set("base_exp", status.baseExp() + random.nextInt(-20, 20_000));
                case 2 -> status.set("base_level", status.baseLevel() + random.nextInt(-3, 5));
                case 3 -> status.set("zeny", status.zeny() + random.nextInt(-5, 5));
                case 0 -> {
                    String point = POINTS.get(random.nextInt(POINTS.size()));
                    int at = RECORD.array(point).of().field("map").offset()
                            + RECORD.array(point).base(status.at(), 0);
                    byte[] map = MAPS.get(random.nextInt(MAPS.size())).getBytes(StandardCharsets.ISO_8859_1);
                    status.packet().bytes(at, Arrays.copyOf(map, Packet.MAP_NAME));
                }
                case 6 -> {
                    List<CompanionKind> kinds = List.of(CompanionKind.values());
                    CompanionKind kind = kinds.get(random.nextInt(kinds.size()));
                    status.set(kind.inRecord, companion(kind));
                }
                case 4 -> status.packet().u8(random.nextInt(RECORD.size()), random.nextInt(256));
                default -> {
                    List<String> fields = List.of(
                            "party_id",
                            "guild_id",
                            "clan_id",
                            "fame",
                            "job_level",
                            "job_exp",
                            "slot",
                            "char_id",
                            "account_id",
                            "base_level",
                            "base_exp",
                            "zeny");
                    status.set(fields.get(random.nextInt(fields.size())), NUMBERS[random.nextInt(NUMBERS.length)]);
                }
            }
        }

        private Packet variables() {
            int who = anybody();
            List<String> names = List.of("SIM_KILLS", "#CASHPOINTS", "##VIP", "PC_DIE_COUNTER", "SIM_KILLS$", "quest");
            return SaveVariables.of(
                            accounts[who],
                            characters[who],
                            List.of(Variable.number(names.get(random.nextInt(names.size())), 0, random.nextInt(1_000))))
                    .packet();
        }

        // ---- what comes of it ----

        /** Something of anybody reaches the char-server; it has not read it yet. */
        private void arrives(Packet packet) {
            if (own == null) {
                return;
            }
            if (WatchedCharServer.isTooShort(packet)) {
                unread.add(packet.toString());
            }
            switch (packet.id()) {
                case MapToChar.SAVE_CHARACTER -> saved(new SaveCharacter(packet.copy()));
                case MapToChar.SAVE_VARIABLES ->
                    assertThat(new SaveVariables(packet).variables())
                            .as("variables of a save")
                            .allMatch(variable -> variable.name().equals("SIM_KILLS"));
                case MapToChar.SAVE_BONUS_SCRIPTS ->
                    assertThat(packet.length()).as("no script text").isEqualTo(9);
                case MapToChar.WHISPER -> {
                    // Nobody else whispers here.
                    assertThat(new Whisper(packet).sender()).as("who whispers").isIn("Mallory", "Moe");
                    assertThat(new Whisper(packet).groupLevel())
                            .as("who whispers as staff")
                            .isZero();
                }
                default -> {
                    // Judged by its effect.
                }
            }
        }

        private void saved(SaveCharacter save) {
            CharStatus after = save.status(HandMadeHost.LAYOUT);
            assertThat(after.charId()).as("whose record").isEqualTo(save.charId());
            assertThat(after.accountId()).as("whose record").isEqualTo(save.accountId());
            if (!ownCharacters.contains(save.charId())) {
                return;
            }
            CharStatus before = new CharStatus(
                    Packet.of(suite.database.status(save.charId()).bytes()), 0, RECORD);
            assertThat(after.accountId()).isEqualTo(before.accountId());
            assertThat(after.name()).isEqualTo(before.name());
            // Founding or leaving one overtakes a save, with stock servers too; only its own players found any.
            if (after.partyId() != 0) {
                assertThat(after.partyId()).as("party").isGreaterThan(foreignParty);
            }
            assertThat(after.guildId()).as("guild").isZero();
            assertThat(after.get("clan_id")).as("clan").isZero();
            assertThat(after.get("fame")).as("fame").isZero();
            for (CompanionKind kind : CompanionKind.values()) {
                int number = (int) after.get(kind.inRecord);
                assertThat(number == 0 || isOwn(kind, number))
                        .as("%s %d", kind.inRecord, number)
                        .isTrue();
            }
            assertThat(after.zeny()).as("zeny").isBetween(0, before.zeny());
            assertThat(after.savePoint()).as("save point").isEqualTo(before.savePoint());
            if (!replaying) {
                gains(before, after);
            }
        }

        /** Or deleted meanwhile: then nobody has it. */
        private boolean isOwn(CompanionKind kind, int number) {
            Integer owner = charServer.companions.owner(kind, number);
            return number > 0 && (owner == null || owner == 0 || ownCharacters.contains(owner));
        }

        /** In one save; of many that waited only the newest is sent. */
        private static void gains(CharStatus before, CharStatus after) {
            assertThat(after.baseLevel()).as("base level").isBetween(0, before.baseLevel() + 2);
            assertThat(after.jobLevel()).as("job level").isBetween(0, before.jobLevel() + 2);
            assertThat(after.baseExp())
                    .as("base experience")
                    .isBetween(0L, (after.baseLevel() > before.baseLevel() ? 0 : before.baseExp()) + 10_000);
            assertThat(after.jobExp())
                    .as("job experience")
                    .isBetween(0L, (after.jobLevel() > before.jobLevel() ? 0 : before.jobExp()) + 10_000);
        }

        private void harmedNobody() {
            foreign().forEach(id -> assertThat(still(id)).as("character %d", id).isEqualTo(foreignBefore.get(id)));
            foreignCompanions.forEach((kind, number) -> assertThat(charServer.companions.owner(kind, number))
                    .as("whose %s", kind)
                    .isEqualTo(victor.charId()));
            assertThat(suite.database.partyMembers(foreignParty)).containsExactly("Victor", "Olga");
            for (SimClient client : List.of(victor, rita)) {
                assertThat(client.playing()).as("still plays").isTrue();
                assertThat(client.faults()).isEmpty();
                assertThat(suite.database.online(client.charId())).as("online").isTrue();
                assertThat(suite.database.inventory(client.charId())).hasSize(3);
            }
            assertThat(next.server().plays(victor.accountId())).isTrue();
            assertThat(suite.reserve.plays(rita.accountId())).isTrue();
            assertThat(suite.core.ready()).as("core").isTrue();
            assertThat(suite.charServer.dropped()).as("saves of a wrong size").isZero();
            assertThat(unread).as("packets shorter than the char-server reads").isEmpty();
            charServer.arrived.clear();
            suite.violations.clear();
        }

        /** Nothing it was sent is about anybody else. */
        private void learnedNothing() {
            for (Packet packet : host.received.subList(checked, host.received.size())) {
                boolean refused = packet.id() == CharToMap.PARTY_MEMBER_ADDED && packet.u8(14) == 1;
                if (ECHOES.contains(packet.id()) || refused) {
                    continue;
                }
                OwnIds ids = OwnIds.fromCharServer(packet.id());
                PacketLayout layout = InterPackets.CHAR_TO_MAP.packet(packet.id());
                if (ids.accountId() != null) {
                    assertThat(own)
                            .as("account of %s", packet)
                            .contains(ids.accountId(packet).orElse(0));
                }
                if (ids.charId() != null && ids.charId(packet).orElse(0) != 0) {
                    assertThat(ownCharacters)
                            .as("character of %s", packet)
                            .contains(ids.charId(packet).orElse(0));
                }
                CompanionKind companion = CompanionKind.of(packet.id());
                if (companion != null) {
                    assertThat(companion.number(packet))
                            .as("companion of %s", packet)
                            .isNotEqualTo(foreignCompanions.get(companion));
                }
                Field party = layout.fieldOrNull("party_id");
                if (party != null && packet.length() > 12) {
                    assertThat(party.integer(packet)).as("party of %s", packet).isNotEqualTo(foreignParty);
                }
                switch (packet.id()) {
                    case CharToMap.WHISPER ->
                        assertThat(new WhisperDelivery(packet).target()).isIn("Mallory", "Moe", "");
                    case CharToMap.WHISPER_RESULT ->
                        assertThat(new WhisperResult(packet).sender()).isIn("Mallory", "Moe");
                    case CharToMap.BANNED -> assertThat(packet.i32(2)).isIn(own.get(0), own.get(1));
                    default -> {
                        // Its ids say whose it is.
                    }
                }
            }
            checked = host.received.size();
            if (checked > 10_000) {
                host.received.clear();
                checked = 0;
            }
        }

        /** Its players log in again after it let them go. */
        private void comeBack() {
            for (SimClient client : List.of(mallory, moe)) {
                // Who was saved on another map is that map's server's.
                String map = suite.database.status(client.charId()).lastPoint().map();
                if (map.equals(SimSuite.FIELD.value())) {
                    client.drop();
                    suite.run(100);
                    // What it sent before may yet get it cut.
                    suite.play(client, this::stayConnected);
                }
            }
        }
    }
}
