package io.p2phost.ro.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.ro.Packet;
import io.p2phost.ro.inter.InterPackets;
import io.p2phost.ro.sim.Recordings.Direction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What the simulators say, held against what real servers said: the same character with the same ids on the same map, so
 * that most packets are equal to the last byte. Where they may differ is listed; everything else must be as recorded.
 */
final class RecordingTest {
    private static final Recordings RECORDED = new Recordings();
    private static final Map<Direction, Map<Integer, List<Packet>>> SAID = new TreeMap<>();
    private static final int END = Integer.MAX_VALUE;

    /** Bytes that may differ: ranges of offsets, from and up to. {@code 2, 4} lets the length differ. */
    private static final Map<Direction, Map<Integer, int[]>> VARY = new HashMap<>();

    static {
        vary(Direction.MAP_TO_CHAR, 0x2af8, 2, 50, 54, 60);
        vary(Direction.MAP_TO_CHAR, 0x2afa, 2, END);
        vary(Direction.MAP_TO_CHAR, 0x2afe, 2, 4);
        vary(Direction.MAP_TO_CHAR, 0x2b26, 2, 14);
        for (int id : new int[] {0x3005, 0x2b0a, 0x2afc}) {
            vary(Direction.MAP_TO_CHAR, id, 2, 10);
        }
        for (int id : new int[] {0x2b2d, 0x3048, 0x3060, 0x3062}) {
            vary(Direction.MAP_TO_CHAR, id, 2, 6);
        }
        vary(Direction.MAP_TO_CHAR, 0x308a, 3, 11);
        vary(Direction.MAP_TO_CHAR, 0x2aff, 2, END);
        vary(Direction.MAP_TO_CHAR, 0x2b2e, 4, 8);
        // Of the storage's head only the owner; the items are their own matter.
        vary(Direction.MAP_TO_CHAR, 0x308b, 5, 13, 15, 17, 21, 25, 37, END);
        // Exp, zeny, points, hp, sp, weapon, levels, stats, place, first skill, counter of unique items.
        vary(
                Direction.MAP_TO_CHAR,
                0x2b01,
                4,
                12,
                13,
                21,
                37,
                57,
                61,
                63,
                73,
                89,
                113,
                117,
                169,
                171,
                182,
                206,
                209,
                217,
                217,
                229,
                242,
                243,
                251,
                297,
                361,
                363,
                8845,
                8853);
        vary(Direction.MAP_TO_CHAR, 0x3004, 2, 13, 14, END);
        vary(Direction.MAP_TO_CHAR, 0x3063, 2, END);
        vary(Direction.MAP_TO_CHAR, 0x2b05, 2, 44, 45, 53);
        vary(Direction.MAP_TO_CHAR, 0x2b1c, 2, 12, 12, END);

        vary(Direction.CHAR_TO_MAP, 0x2b04, 2, END);
        vary(Direction.CHAR_TO_MAP, 0x2b20, 2, END);
        vary(
                Direction.CHAR_TO_MAP,
                0x2afd,
                4,
                16,
                20,
                25,
                25,
                33,
                49,
                69,
                85,
                101,
                125,
                129,
                194,
                218,
                221,
                229,
                254,
                255,
                263,
                309,
                8857,
                8865);
        vary(Direction.CHAR_TO_MAP, 0x3804, 2, 12, 14, END);
        vary(Direction.CHAR_TO_MAP, 0x388a, 5, 9, 12, 14, 18, 22, 34, END);
        vary(Direction.CHAR_TO_MAP, 0x3848, 4, 8);
        vary(Direction.CHAR_TO_MAP, 0x3860, 2, END);
        vary(Direction.CHAR_TO_MAP, 0x3862, 2, END);
        vary(Direction.CHAR_TO_MAP, 0x2b1d, 2, END);
        vary(Direction.CHAR_TO_MAP, 0x2b00, 2, 6);
        vary(Direction.CHAR_TO_MAP, 0x388b, 2, 8);
        vary(Direction.CHAR_TO_MAP, 0x3863, 2, 6);
        vary(Direction.CHAR_TO_MAP, 0x2b21, 2, 10);
        vary(Direction.CHAR_TO_MAP, 0x2b06, 2, 44);

        vary(Direction.CLIENT_TO_MAP, 0x436, 2, 18);
        vary(Direction.CLIENT_TO_MAP, 0x35f, 2, 5);
        vary(Direction.CLIENT_TO_MAP, 0xf3, 2, END);
        vary(Direction.CLIENT_TO_MAP, 0x437, 2, 6);
        vary(Direction.CLIENT_TO_MAP, 0x362, 2, 6);

        vary(Direction.MAP_TO_CLIENT, 0x283, 2, 6);
        vary(Direction.MAP_TO_CLIENT, 0x2eb, 2, 9);
        vary(Direction.MAP_TO_CLIENT, 0x8e, 2, END);
        vary(Direction.MAP_TO_CLIENT, 0x91, 2, 22);
        vary(Direction.MAP_TO_CLIENT, 0x7f, 2, 6);
        vary(Direction.MAP_TO_CLIENT, 0xb09, 2, END);
        vary(Direction.MAP_TO_CLIENT, 0xb0a, 2, END);
        vary(Direction.MAP_TO_CLIENT, 0xb0, 4, 8);
        vary(Direction.MAP_TO_CLIENT, 0xb1, 4, 8);
        vary(Direction.MAP_TO_CLIENT, 0xacb, 4, 12);
        vary(Direction.MAP_TO_CLIENT, 0xacc, 2, 14);
        // Kind, ids, speed, look, place, level, name.
        vary(Direction.MAP_TO_CLIENT, 0x9ff, 4, 15, 23, 25, 63, 66, 69, 71, 84, 108);
        vary(Direction.MAP_TO_CLIENT, 0xadf, 2, 6, 10, 34);
        vary(Direction.MAP_TO_CLIENT, 0x87, 2, 11);
        vary(Direction.MAP_TO_CLIENT, 0x8c8, 2, 26);
        vary(Direction.MAP_TO_CLIENT, 0x977, 2, 14);
        vary(Direction.MAP_TO_CLIENT, 0xadd, 2, 10, 13, 21);
        vary(Direction.MAP_TO_CLIENT, 0xa37, 2, 10, 33, 34);
        vary(Direction.MAP_TO_CLIENT, 0xa1, 2, 6);
        vary(Direction.MAP_TO_CLIENT, 0x80, 2, 7);
        vary(Direction.MAP_TO_CLIENT, 0xac7, 2, 28);

        vary(Direction.CLIENT_TO_CHAR, 0x65, 2, 16);
        vary(Direction.CHAR_TO_CLIENT, 0x6b, 2, 4, 27, 39, 115, 139, 149, 167);
        vary(Direction.CHAR_TO_CLIENT, 0x8b9, 2, 10);
        vary(Direction.CHAR_TO_CLIENT, 0xac5, 2, 28);
        vary(Direction.CLIENT_TO_LOGIN, 0x64, 2, 55);
        vary(Direction.LOGIN_TO_CLIENT, 0xac4, 4, 16, 46, 70);
    }

    private static void vary(Direction direction, int id, int... ranges) {
        VARY.computeIfAbsent(direction, key -> new HashMap<>()).put(id, ranges);
    }

    /** Everything the simulators can say, at least once. */
    @BeforeAll
    static void history() {
        Stage stage = new Stage(3);
        Transcript login = new Transcript();
        stage.net.listen(Stage.LOGIN, login.around(stage.loginServer));
        for (int i = 0; i < 8; i++) {
            stage.loginServer.createAccount("nobody" + i, "secret", 0, 0);
        }
        stage.database.nextCharId(150_008);
        int account = stage.loginServer.createAccount("fulluser", "secret", 1, 99);
        stage.database.createCharacter(account, "Full Guy", 0, 1, new Point("prt_fild08", 170, 375));
        SimClient full = new SimClient(Stage.LOGIN, "fulluser", "secret", stage.net, stage.net.host("127.0.0.1"));
        stage.net.add(full);
        int other = stage.loginServer.createAccount("bob", "secret", 1, 99);
        stage.database.createCharacter(other, "Bob", 0, 1, new Point("prt_fild07", 50, 50));
        SimClient bob = new SimClient(Stage.LOGIN, "bob", "secret", stage.net, stage.net.host("127.0.0.1"));
        stage.net.add(bob);
        SimMapServer first =
                stage.mapServer(5121, "prt_fild08", "prt_fild01", "prt_fild02", "prt_fild05", "prt_fild06");
        SimMapServer second = stage.mapServer(5122, "prontera", "prt_fild07");
        stage.until("servers", () -> first.otherServers() > 0 && second.otherServers() > 0);
        stage.play(full);
        stage.play(bob);
        fight(stage, full, first);
        talk(stage, full, bob);
        stage.run(Duration.ofSeconds(310));
        full.say("@warp prt_fild08 190 100");
        stage.run(500);
        full.walkTo(197, 100);
        stage.until("moved", () -> second.plays(full.accountId()) && full.playing());
        stage.run(500);
        parties(stage, full, bob);
        full.toCharacterScreen();
        stage.run(Duration.ofSeconds(12));
        full.selectAgain();
        stage.until("back", full::playing);
        stage.run(500);
        full.say("@warp prt_fild07 10 100");
        stage.run(500);
        full.walkTo(2, 100);
        stage.until("moved back", () -> first.plays(full.accountId()) && full.playing());
        stage.run(500);
        stage.connect(first).say(ClientPackets.enter(2_000_123, 150_123, 1, 1, 1));
        stage.run(Duration.ofMinutes(31));
        bob.quit();
        SimClient again = new SimClient(Stage.LOGIN, "fulluser", "secret", stage.net, stage.net.host("127.0.0.1"));
        stage.net.add(again);
        again.play(0);
        stage.run(500);
        stage.kill(second);
        stage.run(500);
        first.shutDown();
        stage.run(500);
        collect(stage, login);
    }

    private static void fight(Stage stage, SimClient full, SimMapServer server) {
        full.say("@zeny 500");
        full.say("@item 501 7");
        full.say("@item 645");
        full.say("@blvl 40");
        full.say("@set ARG0 5");
        full.say("@set ARG1 0");
        stage.run(300);
        full.use(full.slotOf(645));
        for (int i = 0; i < 4; i++) {
            stage.kill(full);
            stage.run(4_000);
        }
        full.drop(full.slotOf(501), 2);
        stage.run(300);
        full.pickUp(full.floor().getLast());
        full.drop(99, 1);
        stage.run(300);
        server.saveNow(full.accountId());
        stage.run(300);
    }

    private static void talk(Stage stage, SimClient full, SimClient bob) {
        full.say("hello");
        full.whisper("Bob", "psst");
        stage.run(300);
        full.whisper("Nobody", "psst");
        stage.run(300);
        bob.whisper("Full Guy", "yes?");
        stage.run(300);
    }

    private static void parties(Stage stage, SimClient full, SimClient bob) {
        full.say("beside you");
        full.createParty("Pair");
        stage.run(300);
        bob.createParty("Pair");
        stage.run(300);
        full.invite("Nobody");
        full.invite("Bob");
        stage.run(300);
        bob.acceptInvitation();
        stage.run(300);
        bob.sayToParty("thanks");
        stage.run(300);
        bob.leaveParty();
        stage.run(300);
    }

    private static void collect(Stage stage, Transcript login) {
        login.entries()
                .forEach(entry -> add(
                        entry.toListener() ? Direction.CLIENT_TO_LOGIN : Direction.LOGIN_TO_CLIENT, entry.packet()));
        stage.clients
                .entries()
                .forEach(entry ->
                        add(entry.toListener() ? Direction.CLIENT_TO_MAP : Direction.MAP_TO_CLIENT, entry.packet()));
        TreeSet<Integer> mapServers = new TreeSet<>();
        for (Transcript.Entry entry : stage.inter.entries()) {
            if (entry.toListener() && entry.packet().id() == 0x2af8) {
                mapServers.add(entry.connection());
            }
        }
        for (Transcript.Entry entry : stage.inter.entries()) {
            boolean map = mapServers.contains(entry.connection());
            if (!map
                    && entry.packet().length() == 4
                    && !entry.toListener()
                    && entry.packet().u16(2) != 4) {
                continue; // the bare account id
            }
            add(
                    entry.toListener()
                            ? map ? Direction.MAP_TO_CHAR : Direction.CLIENT_TO_CHAR
                            : map ? Direction.CHAR_TO_MAP : Direction.CHAR_TO_CLIENT,
                    entry.packet());
        }
    }

    private static void add(Direction direction, Packet packet) {
        SAID.computeIfAbsent(direction, key -> new TreeMap<>())
                .computeIfAbsent(packet.id(), key -> new ArrayList<>())
                .add(packet);
    }

    @Test
    void isAsRecordedWhereItIsRecorded() {
        List<String> differences = new ArrayList<>();
        int compared = 0;
        for (Direction direction : SAID.keySet()) {
            for (Map.Entry<Integer, List<Packet>> said : SAID.get(direction).entrySet()) {
                List<Packet> recorded = RECORDED.of(direction, said.getKey());
                for (Packet packet : said.getValue()) {
                    if (!recorded.isEmpty()) {
                        compared++;
                        compare(direction, packet, recorded, differences);
                    }
                }
            }
        }
        assertThat(differences).isEmpty();
        assertThat(compared).isGreaterThan(500);
    }

    private static void compare(Direction direction, Packet packet, List<Packet> recorded, List<String> differences) {
        int[] vary = VARY.getOrDefault(direction, Map.of()).getOrDefault(packet.id(), new int[0]);
        String nearest = null;
        for (Packet candidate : recorded) {
            String difference = difference(packet, candidate, vary);
            if (difference.isEmpty()) {
                return;
            }
            nearest = nearest == null || difference.length() < nearest.length() ? difference : nearest;
        }
        differences.add(direction + " " + packet + ": " + nearest);
    }

    /** Offsets that differ and may not, with what is there and what was recorded. */
    private static String difference(Packet packet, Packet recorded, int[] vary) {
        boolean anyLength = vary(vary, 2) && vary(vary, 3) && packet.id() != 0x87;
        if (packet.length() != recorded.length() && !anyLength) {
            return "length " + packet.length() + " (recorded: " + recorded.length() + ")";
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < Math.min(packet.length(), recorded.length()); i++) {
            if (packet.u8(i) != recorded.u8(i) && !vary(vary, i)) {
                text.append(String.format(" @%d %02x (recorded: %02x)", i, packet.u8(i), recorded.u8(i)));
            }
        }
        return text.toString();
    }

    private static boolean vary(int[] ranges, int offset) {
        for (int i = 0; i < ranges.length; i += 2) {
            if (offset >= ranges[i] && offset < ranges[i + 1]) {
                return true;
            }
        }
        return false;
    }

    /** Also what was never recorded is of a known kind, with a list that fills it. */
    @Test
    void isOfAKnownKind() {
        SAID.getOrDefault(Direction.MAP_TO_CHAR, Map.of())
                .values()
                .forEach(packets -> packets.forEach(
                        packet -> InterPackets.MAP_TO_CHAR.packet(packet.id()).check(packet)));
        SAID.getOrDefault(Direction.CHAR_TO_MAP, Map.of())
                .values()
                .forEach(packets -> packets.forEach(
                        packet -> InterPackets.CHAR_TO_MAP.packet(packet.id()).check(packet)));
        for (Direction direction : List.of(Direction.CLIENT_TO_MAP, Direction.MAP_TO_CLIENT)) {
            for (List<Packet> packets : SAID.get(direction).values()) {
                for (Packet packet : packets) {
                    int length = SimTcp.clientLengths().of(packet.id());
                    assertThat(packet.length()).as("%s", packet).isEqualTo(length == -1 ? packet.u16(2) : length);
                }
            }
        }
    }

    /** What rests on reading rAthena's source alone. Whoever adds to it should record it instead. */
    @Test
    void neverRecordedAreOnlyThese() {
        Map<Direction, String> unseen = new TreeMap<>();
        for (Direction direction : SAID.keySet()) {
            List<String> ids = new ArrayList<>();
            for (int id : SAID.get(direction).keySet()) {
                if (RECORDED.of(direction, id).isEmpty()) {
                    ids.add(String.format("%04x", id));
                }
            }
            if (!ids.isEmpty()) {
                unseen.put(direction, String.join(" ", ids));
            }
        }
        System.out.println("never recorded: " + unseen);
        assertThat(unseen)
                .isEqualTo(Map.of(
                        Direction.MAP_TO_CHAR, "2b02 3001 3002 3020 3022 3024 3025 3027",
                        Direction.CHAR_TO_MAP, "2b03 2b1f 2b27 3801 3802 3820 3821 3822 3824 3825 3827",
                        Direction.CLIENT_TO_MAP, "0096 00b2 0100 0108 018a 01e8 02c4 02c7 0360 0363 0439",
                        Direction.MAP_TO_CLIENT,
                                "0081 008d 00af 00b3 00fa 0109 018b 0196 01c8 02c5 02c6 0983 09de 09df"));
    }

    @Test
    void readsTheRecordings() {
        assertThat(RECORDED.count()).isGreaterThan(90);
    }
}
