package io.p2phost.ro.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.ro.Packet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the real map-server says to its char-server and its clients, with both played by hand. */
final class MapServerTest {
    private static final Endpoint OWN = Endpoint.of("127.0.0.1:5121");
    private static final Endpoint OTHER = Endpoint.of("127.0.0.2:7000");
    private static final int CLIENT = Endpoint.address("127.0.0.9");
    private static final int ACCOUNT = 2_000_001;
    private static final int CHARACTER = 150_001;
    private static final int LOGIN_ID = 77;
    private static final Point START = new Point("prt_fild08", 100, 100);
    private static final List<String> SAVE = List.of("2b2e", "308b", "308b", "2b01");
    private static final List<String> LOADS = List.of("308a", "308a", "308a", "2b0a", "2b2d", "3048", "3060", "3062");

    private final VirtualNetwork net = new VirtualNetwork(1);
    private final List<Link> dialled = new ArrayList<>();
    private final SimMapServer server = new SimMapServer(
            MapServerSettings.stock("s1", "p1", OWN, Stage.CHAR, List.of("prt_fild08", "prt_fild07"), 1),
            SimWorld.small(),
            net,
            (to, link) -> dialled.add(link));
    private Probe chr = new Probe(dialled.getFirst());

    MapServerTest() {
        net.add(server);
    }

    private void online() {
        chr.say(InterPackets.loginAck(0)).say(InterPackets.mapsAck());
        chr.say(InterPackets.otherMaps(InterPackets.OTHER_MAPS, OTHER, List.of("prontera", "prt_fild05")));
        chr.take();
    }

    private static Status status() {
        return Status.novice(CHARACTER, ACCOUNT, "Alice", 0, 0, START);
    }

    private Probe enter() {
        return new Probe(server.accept(CLIENT)).say(ClientPackets.enter(ACCOUNT, CHARACTER, LOGIN_ID, 1, 0));
    }

    private void answerAuth(int group, boolean changing) {
        chr.say(InterPackets.authOk(ACCOUNT, LOGIN_ID, 88, group, changing, status()));
    }

    private void answerVariables() {
        for (int kind : new int[] {3, 2, 1}) {
            chr.say(InterPackets.variables(ACCOUNT, CHARACTER, 0, true, Map.of()));
            chr.say(InterPackets.variables(ACCOUNT, CHARACTER, kind, false, Map.of()));
        }
    }

    private void answerItems(int type) {
        Storage storage = Storage.loaded(
                type,
                type == Storage.STORAGE ? ACCOUNT : CHARACTER,
                3,
                type == Storage.INVENTORY ? List.of(Item.created(909, 5, 0).withId(1)) : List.of());
        chr.say(InterPackets.items(type, ACCOUNT, true, storage));
    }

    private void answerStatusChanges() {
        chr.say(InterPackets.statusChanges(InterPackets.STATUS_CHANGES, ACCOUNT, CHARACTER, List.of()));
    }

    private void answerLoads() {
        answerVariables();
        answerItems(Storage.STORAGE);
        answerItems(Storage.CART);
        answerItems(Storage.INVENTORY);
        answerStatusChanges();
    }

    /** In game, and nothing left to look at. */
    private Probe playing(int group) {
        Probe client = enter();
        answerAuth(group, false);
        client.say(ClientPackets.loaded());
        answerLoads();
        client.take();
        chr.take();
        return client;
    }

    private void walkOntoPortal(Probe client) {
        for (int x = 115; x <= 190; x += 15) {
            client.say(ClientPackets.walk(x, 100));
            net.run(Duration.ofSeconds(3));
        }
        client.say(ClientPackets.walk(197, 100));
        net.run(Duration.ofSeconds(3));
    }

    /** The portal off prt_fild07 leads to the other server. */
    private Probe atTheBorder() {
        Probe client = playing(99);
        client.say(ClientPackets.text(ClientPackets.CZ_CHAT, "Alice : @warp prt_fild07 190 100"));
        client.say(ClientPackets.loaded()).take();
        return client;
    }

    private void stepOver(Probe client) {
        client.say(ClientPackets.walk(197, 100));
        net.run(Duration.ofSeconds(2));
    }

    // Start.

    @Test
    void startsInTheRecordedOrder() {
        assertThat(chr.ids()).containsExactly("2af8");
        chr.say(InterPackets.loginAck(0));
        assertThat(chr.ids()).containsExactly("2afa", "3040", "30a0");
        assertThat(server.ready()).isFalse();
        chr.say(InterPackets.mapsAck());
        assertThat(chr.ids()).containsExactly("2aff");
        assertThat(server.ready()).isTrue();
    }

    @Test
    void refusedOneExits() {
        chr.say(InterPackets.loginAck(3));

        assertThat(server.dead()).isTrue();
        assertThat(chr.closed()).isTrue();
    }

    @Test
    void toldThatItHasAMapItHasNotLoadedItExits() {
        online();
        chr.say(InterPackets.otherMaps(InterPackets.OTHER_MAPS, OWN, List.of("prt_fild08")));
        assertThat(server.dead()).isFalse();

        chr.say(InterPackets.otherMaps(InterPackets.OTHER_MAPS, OWN, List.of("prt_fild05")));

        assertThat(server.dead()).isTrue();
    }

    @Test
    void ownMapsWinAndOfOthersTheLatest() {
        online();
        Endpoint third = Endpoint.of("127.0.0.3:1");

        chr.say(InterPackets.otherMaps(
                InterPackets.OTHER_MAPS, third, List.of("prt_fild08", "prt_fild05", "no_such_map")));

        assertThat(server.remote("prt_fild08")).isNull();
        assertThat(server.remote("prt_fild05")).isEqualTo(third);
        assertThat(server.remote("prontera")).isEqualTo(OTHER);
        assertThat(server.remote("no_such_map")).isNull();
        assertThat(server.otherServers()).isEqualTo(2);
    }

    @Test
    void mapsThatAreGoneStayUnlessTheAddressIsTurnedRound() {
        online();
        Packet gone = InterPackets.otherMaps(InterPackets.MAPS_GONE, OTHER, List.of("prt_fild05"));

        chr.say(gone);
        assertThat(server.remote("prt_fild05")).isEqualTo(OTHER);
        assertThat(server.otherServers()).isZero();

        Packet turned = gone.copy().u32(4, OTHER.address()).u16(8, OTHER.port());
        chr.say(turned);
        assertThat(server.remote("prt_fild05")).isNull();
    }

    @Test
    void lostLinkIsTriedAgainAfterOneSecondAndThenEveryTen() {
        online();
        chr.leave();
        assertThat(server.remote("prontera")).isNull();
        assertThat(server.otherServers()).isZero();

        net.run(Duration.ofMillis(1_100));
        assertThat(dialled).hasSize(2);
        dialled.getLast().closed();
        net.run(Duration.ofSeconds(8));
        assertThat(dialled).hasSize(2);
        net.run(Duration.ofSeconds(3));
        assertThat(dialled).hasSize(3);

        chr = new Probe(dialled.getLast());
        chr.say(InterPackets.loginAck(0));
        // Castles and clans it has asked for once.
        assertThat(chr.ids()).containsExactly("2af8", "2afa");
    }

    @Test
    void silentLinkIsAskedAfterAMinuteAndLeftAfterTwo() {
        online();
        net.run(Duration.ofSeconds(59));
        assertThat(chr.ids()).doesNotContain("2b23");
        net.run(Duration.ofSeconds(2));
        assertThat(chr.ids()).contains("2b23");
        chr.say(InterPackets.bare(InterPackets.KEEP_ALIVE_ACK));
        net.run(Duration.ofSeconds(119));
        assertThat(chr.closed()).isFalse();
        net.run(Duration.ofSeconds(2));
        assertThat(chr.closed()).isTrue();
    }

    @Test
    void unknownPacketEndsTheLink() {
        online();
        chr.say(Packet.variable(0x3837, 12));
        assertThat(chr.closed()).isFalse();

        chr.say(Packet.fixed(0x2c00, 2));

        assertThat(chr.closed()).isTrue();
        assertThat(server.ready()).isFalse();
    }

    @Test
    void totalOfUsersIsAnsweredByAKeepAlive() {
        online();
        assertThat(chr.say(InterPackets.totalUsers(3)).ids()).containsExactly("2b23");
    }

    // Entering.

    @Test
    void entersInTheRecordedOrder() {
        online();
        Probe client = enter();
        assertThat(client.ids()).containsExactly("0283");
        Packet auth = chr.only(InterPackets.AUTH);
        assertThat(auth.i32(10)).isEqualTo(LOGIN_ID);
        assertThat(auth.i32be(15)).isEqualTo(CLIENT);
        assertThat(auth.u8(19)).isZero();

        answerAuth(0, false);
        assertThat(client.ids()).containsExactly("0b18", "02eb", "0201", "008e", "0091");
        assertThat(chr.ids()).containsExactly("3005");
        answerVariables();
        assertThat(chr.ids()).isEqualTo(LOADS);
        answerItems(Storage.INVENTORY);
        assertThat(chr.ids()).containsExactly("2afc");
        client.say(ClientPackets.loaded());
        assertThat(client.ids()).isEmpty();
        answerStatusChanges();
        assertThat(client.ids()).startsWith("0b08", "0b09", "0b0b");
        assertThat(server.plays(ACCOUNT)).isTrue();
    }

    @Test
    void whoChangesServersIsNotGreetedAgain() {
        online();
        Probe client = enter();
        answerAuth(0, true);
        assertThat(client.ids()).containsExactly("0283", "0b18", "02eb", "0201");
    }

    @Test
    void refusedOneIsTold() {
        online();
        Probe client = enter();
        client.take();

        chr.say(InterPackets.authFailed(chr.only(InterPackets.AUTH)));

        assertThat(client.only(ClientPackets.SC_NOTIFY_BAN).u8(2)).isZero();
        assertThat(client.closed()).isTrue();
        assertThat(server.waiting()).isZero();
    }

    @Test
    void sameAccountAgainIsToldThatItIsStillKnown() {
        online();
        playing(0);

        Probe again = enter();

        assertThat(again.only(ClientPackets.SC_NOTIFY_BAN).u8(2)).isEqualTo(8);
        assertThat(again.closed()).isTrue();
        assertThat(server.plays(ACCOUNT)).isTrue();
    }

    @Test
    void recordOfAnotherSizeIsIgnored() {
        online();
        enter();
        chr.take();

        chr.say(Packet.variable(InterPackets.AUTH_OK, 8880).u32(4, ACCOUNT));

        assertThat(chr.ids()).isEmpty();
        assertThat(server.waiting()).isEqualTo(1);
    }

    @Test
    void mapThatIsNotHereSendsHimAway() {
        online();
        Probe client = enter();
        client.take();
        chr.take();

        Status elsewhere = status().lastPoint(new Point("prt_fild06", 5, 5));
        chr.say(InterPackets.authOk(ACCOUNT, LOGIN_ID, 88, 0, false, elsewhere));

        assertThat(client.only(ClientPackets.SC_NOTIFY_BAN).u8(2)).isZero();
        assertThat(chr.ids()).containsExactly("2b17");
    }

    @Test
    void withoutCharServerNobodyEnters() {
        Probe client = enter();
        assertThat(client.closed()).isTrue();
    }

    // Loads that are not answered.

    @Test
    void leavesWithoutAWordWhileVariablesAreMissing() {
        online();
        Probe client = enter();
        answerAuth(0, false);
        client.say(ClientPackets.loaded()).take();
        chr.take();
        client.say(ClientPackets.walk(105, 100));
        assertThat(client.ids()).isEmpty();

        client.leave();
        net.run(Duration.ofSeconds(48));

        assertThat(chr.ids()).doesNotContain("2b01", "2b17", "2b1c");
    }

    @Test
    void leavesWithoutHisStatusChangesWhileThoseAreMissing() {
        online();
        Probe client = enter();
        answerAuth(0, false);
        client.say(ClientPackets.loaded());
        answerVariables();
        answerItems(Storage.STORAGE);
        answerItems(Storage.CART);
        answerItems(Storage.INVENTORY);
        client.take();
        chr.take();
        net.run(Duration.ofSeconds(30));
        assertThat(client.ids()).isEmpty();
        chr.take();

        client.leave();

        List<Packet> sent = chr.take();
        assertThat(sent).extracting(Packet::id).startsWith(0x2b1c, 0x2b2e, 0x308b, 0x308b, 0x2b01);
        assertThat(sent.getFirst().u16(12)).isZero();
    }

    @Test
    void leavesWithAnUntypedInventoryWhileThatIsMissing() {
        online();
        Probe client = enter();
        answerAuth(0, false);
        client.say(ClientPackets.loaded());
        answerVariables();
        answerItems(Storage.CART);
        chr.take();

        client.leave();

        List<Packet> items =
                chr.take().stream().filter(packet -> packet.id() == 0x308b).toList();
        assertThat(items).extracting(packet -> packet.u8(4)).containsExactly(0, 2);
    }

    @Test
    void whoIsNotOnTheMapYetIsNotHeard() {
        online();
        Probe client = enter();
        answerAuth(99, false);
        client.say(ClientPackets.loaded());
        answerVariables();
        client.take();

        client.say(ClientPackets.text(ClientPackets.CZ_CHAT, "Alice : @zeny 5"));
        client.say(ClientPackets.tick(ClientPackets.CZ_TICK, 1));

        assertThat(client.ids()).isEmpty();
        assertThat(server.status(ACCOUNT).zeny()).isEqualTo(1000);
    }

    @Test
    void lateAnswerCures() {
        online();
        Probe client = enter();
        answerAuth(0, false);
        client.say(ClientPackets.loaded());
        answerVariables();
        answerItems(Storage.INVENTORY);
        client.take();
        net.run(Duration.ofSeconds(20));

        answerStatusChanges();

        assertThat(client.ids()).startsWith("0b08");
    }

    // Saving.

    @Test
    void autosavesInTheRecordedOrder() {
        online();
        Probe client = playing(0);
        for (int i = 0; i < 31; i++) {
            net.run(Duration.ofSeconds(10));
            client.say(ClientPackets.tick(ClientPackets.CZ_TICK, i));
            chr.say(InterPackets.bare(InterPackets.KEEP_ALIVE_ACK));
        }

        assertThat(chr.ids()).filteredOn(id -> !id.equals("2afe")).isEqualTo(SAVE);
    }

    @Test
    void changedVariablesGoAlong() {
        online();
        Probe client = playing(99);
        client.say(ClientPackets.text(ClientPackets.CZ_CHAT, "Alice : @set QUEST 7"));
        client.say(ClientPackets.text(ClientPackets.CZ_CHAT, "Alice : @set OLD 0"));

        server.saveNow(ACCOUNT);
        List<Packet> saved = chr.take();
        assertThat(saved).extracting(Packet::id).containsExactly(0x2b2e, 0x308b, 0x308b, 0x3004, 0x2b01);
        assertThat(saved.get(3).u16(12)).isEqualTo(2);
        server.saveNow(ACCOUNT);
        assertThat(chr.ids()).isEqualTo(SAVE);
    }

    @Test
    void quitSaveIsRepeatedEveryMinuteUntilItIsConfirmed() {
        online();
        Probe client = playing(0);
        client.leave();
        List<Packet> sent = chr.take();
        assertThat(sent).extracting(Packet::id).containsExactly(0x2b1c, 0x2b2e, 0x308b, 0x308b, 0x2b01);
        assertThat(sent.getLast().u8(12)).isEqualTo(1);
        assertThat(server.plays(ACCOUNT)).isFalse();

        keepTalking(Duration.ofSeconds(95));
        assertThat(chr.ids()).containsSubsequence(SAVE);
        keepTalking(Duration.ofSeconds(95));
        assertThat(chr.ids()).containsSubsequence(SAVE);
        chr.say(InterPackets.ofPlayer(InterPackets.SAVE_ACK, ACCOUNT, CHARACTER));
        assertThat(server.waiting()).isZero();
        keepTalking(Duration.ofMinutes(2));
        assertThat(chr.ids()).doesNotContain("2b01");
    }

    private void keepTalking(Duration time) {
        for (long i = 0; i < time.toSeconds(); i += 5) {
            net.run(Duration.ofSeconds(5));
            chr.say(InterPackets.bare(InterPackets.KEEP_ALIVE_ACK));
        }
    }

    @Test
    void quitSaveWaitsForTheCharServer() {
        online();
        Probe client = playing(0);
        chr.leave();
        client.leave();
        assertThat(server.waiting()).isEqualTo(1);

        net.run(Duration.ofSeconds(2));
        chr = new Probe(dialled.getLast());
        chr.say(InterPackets.loginAck(0)).say(InterPackets.mapsAck());

        assertThat(chr.ids()).containsExactly("2af8", "2afa", "2aff", "2b2e", "308b", "308b", "2b01");
    }

    @Test
    void playersAreListedAfterAReconnect() {
        online();
        playing(0);
        chr.leave();
        net.run(Duration.ofSeconds(2));
        chr = new Probe(dialled.getLast());
        chr.say(InterPackets.loginAck(0)).say(InterPackets.mapsAck());

        Packet users = chr.only(InterPackets.USERS);

        assertThat(users.u16(4)).isEqualTo(1);
        assertThat(users.i32(6)).isEqualTo(ACCOUNT);
        assertThat(users.i32(10)).isEqualTo(CHARACTER);
    }

    @Test
    void untouchedBytesOfTheRecordComeBack() {
        online();
        Status odd = status();
        for (int i = 344; i < 8_700; i += 97) {
            odd.bytes()[i] = (byte) i;
        }
        enter();
        chr.say(InterPackets.authOk(ACCOUNT, LOGIN_ID, 88, 0, false, odd));
        answerLoads();
        chr.take();

        server.saveNow(ACCOUNT);

        assertThat(chr.only(InterPackets.SAVE).slice(13, Status.LENGTH)).isEqualTo(odd.bytes());
    }

    @Test
    void shutsDownWithEverybodySaved() {
        online();
        playing(0);

        server.shutDown();

        assertThat(chr.ids()).containsExactly("2b1c", "2b2e", "308b", "308b", "2b01", "2b18");
    }

    // Going elsewhere.

    @Test
    void changesServersInTheRecordedOrder() {
        online();
        Probe client = atTheBorder();
        chr.take();

        stepOver(client);

        List<Packet> sent =
                chr.take().stream().filter(packet -> packet.id() != 0x2afe).toList();
        assertThat(sent).extracting(Packet::id).containsExactly(0x2b1c, 0x2b2e, 0x308b, 0x308b, 0x2b01, 0x2b05);
        Packet save = sent.get(4);
        assertThat(save.u8(12)).isZero();
        assertThat(Status.of(save.slice(13, Status.LENGTH)).lastPoint()).isEqualTo(new Point("prt_fild05", 10, 100));
        Packet change = sent.get(5);
        assertThat(new Endpoint(change.i32be(38), change.u16be(42))).isEqualTo(OTHER);
        assertThat(change.i32(10)).isEqualTo(88);
        assertThat(change.i32(49)).isEqualTo(99);
        assertThat(server.plays(ACCOUNT)).isFalse();

        client.take();
        chr.say(InterPackets.changeServerAck(change, true));
        Packet move = client.only(ClientPackets.ZC_SERVER_MOVE);
        assertThat(move.text(2, 16)).isEqualTo("prt_fild05.gat");
        assertThat(new Endpoint(move.i32be(22), move.u16(26))).isEqualTo(OTHER);
        client.leave();
        assertThat(chr.ids()).isEmpty();
        assertThat(server.waiting()).isZero();
    }

    @Test
    void refusedChangeEndsTheClient() {
        online();
        Probe client = atTheBorder();
        stepOver(client);
        client.take();

        chr.say(InterPackets.changeServerAck(chr.only(InterPackets.CHANGE_SERVER), false));

        assertThat(client.only(ClientPackets.SC_NOTIFY_BAN).u8(2)).isZero();
        assertThat(client.closed()).isTrue();
        assertThat(chr.ids()).containsExactly("2b17");
    }

    @Test
    void withoutAnyOtherServerTheStepIsFatal() {
        online();
        Probe client = atTheBorder();
        chr.say(InterPackets.otherMaps(InterPackets.MAPS_GONE, OTHER, List.of("prt_fild05")));
        chr.take();
        client.take();

        stepOver(client);

        assertThat(client.only(ClientPackets.SC_NOTIFY_BAN).u8(2)).isZero();
        assertThat(chr.ids()).contains("2b01").doesNotContain("2b05");
    }

    @Test
    void withoutCharServerTheStepIsJustNotTaken() {
        online();
        Probe client = atTheBorder();
        chr.leave();
        client.take();

        stepOver(client);

        assertThat(server.plays(ACCOUNT)).isTrue();
        assertThat(client.closed()).isFalse();
        assertThat(client.ids()).doesNotContain("0081", "0ac7");
    }

    @Test
    void unansweredChangeIsGivenUpAfterAMinute() {
        online();
        Probe client = atTheBorder();
        stepOver(client);
        chr.take();

        for (int i = 0; i < 10; i++) {
            keepTalking(Duration.ofSeconds(10));
            client.say(ClientPackets.tick(ClientPackets.CZ_TICK, i));
        }

        assertThat(chr.ids()).contains("2b17");
        assertThat(server.waiting()).isZero();
    }

    @Test
    void portalBetweenOwnMapsStaysHere() {
        online();
        Probe client = playing(0);

        walkOntoPortal(client);

        assertThat(chr.ids()).doesNotContain("2b05", "2b01");
        assertThat(server.status(ACCOUNT)).isNotNull();
        assertThat(client.ids()).contains("0091");
    }

    @Test
    void characterScreenIsAskedForAndGranted() {
        online();
        Probe client = playing(0);

        client.say(ClientPackets.restart());
        assertThat(chr.only(InterPackets.CHAR_SELECT).i32(6)).isEqualTo(LOGIN_ID);
        chr.say(InterPackets.charSelectAck(ACCOUNT));

        assertThat(client.only(ClientPackets.ZC_RESTART_ACK).u8(2)).isEqualTo(1);
    }

    // Kicks.

    @Test
    void kickedOneIsToldAndSaved() {
        online();
        Probe client = playing(0);

        chr.say(InterPackets.kick(ACCOUNT, 2));

        assertThat(client.only(ClientPackets.SC_NOTIFY_BAN).u8(2)).isEqualTo(2);
        assertThat(client.closed()).isTrue();
        assertThat(chr.ids()).containsExactly("2b1c", "2b2e", "308b", "308b", "2b01");
    }

    @Test
    void whoWasJustHitStaysTenSecondsAndCannotBeKicked() {
        online();
        Probe client = playing(99);
        int monster = nearMonster(client);
        client.say(ClientPackets.act(monster, 0));
        assertThat(client.ids()).contains("08c8");
        client.leave();
        assertThat(chr.ids()).doesNotContain("2b01");

        chr.say(InterPackets.kick(ACCOUNT, 2));
        assertThat(server.plays(ACCOUNT)).isTrue();
        net.run(Duration.ofSeconds(11));

        assertThat(chr.ids()).contains("2b01");
        assertThat(server.plays(ACCOUNT)).isFalse();
    }

    /** Warps beside a monster of prt_fild07. */
    private int nearMonster(Probe client) {
        client.say(ClientPackets.text(ClientPackets.CZ_CHAT, "Alice : @warp prt_fild07 100 100"));
        client.say(ClientPackets.loaded());
        Packet seen = client.take().stream()
                .filter(packet -> packet.id() == ClientPackets.ZC_STANDS && packet.u8(4) == 5)
                .findFirst()
                .orElseThrow();
        int x = ClientPackets.positionX(seen, 63);
        int y = ClientPackets.positionY(seen, 63);
        client.say(ClientPackets.text(
                ClientPackets.CZ_CHAT, "Alice : @warp prt_fild07 " + Math.max(5, x) + " " + Math.max(1, y - 1)));
        client.say(ClientPackets.loaded()).take();
        return seen.i32(5);
    }

    // Commands and clients.

    @Test
    void commandsAreTalkForPlainPlayers() {
        online();
        Probe client = playing(0);

        client.say(ClientPackets.text(ClientPackets.CZ_CHAT, "Alice : @zeny 500"));

        assertThat(ClientPackets.text(client.only(ClientPackets.ZC_CHAT))).isEqualTo("Alice : @zeny 500");
        assertThat(server.status(ACCOUNT).zeny()).isEqualTo(1000);
    }

    @Test
    void commandsWorkForMasters() {
        online();
        Probe client = playing(99);

        client.say(ClientPackets.text(ClientPackets.CZ_CHAT, "Alice : @zeny 500"));
        client.say(ClientPackets.text(ClientPackets.CZ_CHAT, "Alice : @item 501 7"));
        client.say(ClientPackets.text(ClientPackets.CZ_CHAT, "Alice : @item 1202"));
        client.say(ClientPackets.text(ClientPackets.CZ_CHAT, "Alice : @blvl 40"));
        client.say(ClientPackets.text(ClientPackets.CZ_CHAT, "Alice : @zeny"));

        assertThat(server.status(ACCOUNT).zeny()).isEqualTo(1500);
        assertThat(server.status(ACCOUNT).baseLevel()).isEqualTo(41);
        assertThat(server.inventory(ACCOUNT))
                .extracting(Item::toString)
                .contains("501x7", "1202x1#" + ((long) CHARACTER << 32));
        assertThat(server.status(ACCOUNT).uniqueItemCounter()).isEqualTo(1);
    }

    @Test
    void nobodySpeaksInAnothersName() {
        online();
        Probe client = playing(0);

        client.say(ClientPackets.text(ClientPackets.CZ_CHAT, "Bob : hello"));

        assertThat(client.ids()).isEmpty();
    }

    @Test
    void unknownPacketFromAClientEndsIt() {
        online();
        Probe client = playing(0);

        client.say(Packet.fixed(0x1, 2));

        assertThat(client.closed()).isTrue();
        assertThat(chr.ids()).contains("2b01");
    }

    @Test
    void silentClientIsCutAfterAMinute() {
        online();
        Probe client = playing(0);
        net.run(Duration.ofSeconds(59));
        assertThat(client.closed()).isFalse();
        net.run(Duration.ofSeconds(2));
        assertThat(client.closed()).isTrue();
    }
}
