package io.p2phost.ro.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.ro.Packet;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the real char-server does, seen from its links. */
final class CharServerTest {
    private static final Endpoint A = Endpoint.of("127.0.0.1:5121");
    private static final Endpoint B = Endpoint.of("127.0.0.1:5122");
    private static final int LOCAL = Endpoint.address("127.0.0.1");
    private static final Point FIELD = new Point("prt_fild08", 100, 100);

    private final VirtualNetwork net = new VirtualNetwork(1);
    private final SimDatabase database = new SimDatabase();
    private final SimLoginServer loginServer = new SimLoginServer(net, 1);
    private SimCharServer server = start(Stage.charSettings());
    private int accountId;
    private int charId;

    private SimCharServer start(CharServerSettings settings) {
        SimCharServer started = new SimCharServer(settings, database, loginServer, net);
        net.add(started);
        net.run(Duration.ofSeconds(2));
        return started;
    }

    @BeforeEach
    void oneCharacter() {
        accountId = loginServer.createAccount("alice", "secret", 0, 99);
        charId = database.createCharacter(accountId, "Alice", 0, 0, FIELD);
    }

    private Probe connect() {
        return new Probe(server.accept(LOCAL));
    }

    private Probe mapServer(Endpoint at, String... maps) {
        Probe probe = connect().say(InterPackets.login("s1", "p1", at));
        assertThat(probe.ids()).containsExactly("2af9", "388c");
        probe.say(InterPackets.maps(List.of(maps)));
        probe.take();
        return probe;
    }

    /** Logs in and selects; the auth node waits. */
    private int[] select() {
        Probe login = new Probe(loginServer.accept(LOCAL)).say(ClientPackets.login("alice", "secret"));
        Packet accepted = login.only(ClientPackets.AC_ACCEPT_LOGIN);
        int[] ids = {accepted.i32(4), accepted.i32(12)};
        Probe client = connect().say(ClientPackets.charEnter(accountId, ids[0], ids[1], 0));
        client.say(ClientPackets.select(0)).leave();
        return ids;
    }

    private Packet auth(int loginId1) {
        return InterPackets.auth(accountId, charId, loginId1, 0, LOCAL, false);
    }

    @Test
    void thirdMapServerIsRefused() {
        mapServer(A, "prt_fild08");
        mapServer(B, "prt_fild07");

        Probe third = connect().say(InterPackets.login("s1", "p1", Endpoint.of("127.0.0.1:5123")));

        assertThat(third.only(InterPackets.LOGIN_ACK).u8(2)).isEqualTo(3);
        assertThat(server.mapServers()).isEqualTo(2);
        assertThat(third.closed()).isFalse();
    }

    @Test
    void loggingInAgainOnTheSameLinkEndsIt() {
        Probe a = mapServer(A, "prt_fild08");

        a.say(InterPackets.login("s1", "p1", A));

        assertThat(a.closed()).isTrue();
        assertThat(server.mapServers()).isZero();
    }

    @Test
    void slotIsFreeAgainWhenItsLinkEnds() {
        Probe first = mapServer(A, "prt_fild08");
        mapServer(B, "prt_fild07");
        first.leave();

        mapServer(A, "prt_fild05");

        assertThat(server.announcedMaps(0)).containsExactly("prt_fild05");
    }

    @Test
    void wrongPasswordIsRefused() {
        Probe probe = connect().say(InterPackets.login("s1", "no", A));

        assertThat(probe.only(InterPackets.LOGIN_ACK).u8(2)).isEqualTo(3);
    }

    @Test
    void announcedMapsAreConfirmedAndTellEachOther() {
        Probe a = mapServer(A, "prt_fild08");
        Probe b = connect().say(InterPackets.login("s1", "p1", B));
        b.take();
        b.say(InterPackets.maps(List.of("prt_fild07", "prt_fild05")));

        assertThat(b.ids()).containsExactly("2afb", "2b1b", "2b04");
        Packet told = a.only(InterPackets.OTHER_MAPS);
        assertThat(new Endpoint(told.i32be(4), told.u16be(8))).isEqualTo(B);
        assertThat(InterPackets.names(told, 10)).containsExactly("prt_fild07", "prt_fild05");
    }

    @Test
    void announcingAgainReplacesAndDoesNotWithdraw() {
        Probe a = mapServer(A, "prt_fild08");
        Probe b = mapServer(B, "prt_fild07");
        a.take();

        b.say(InterPackets.maps(List.of("prt_fild05")));

        assertThat(a.ids()).containsExactly("2b04");
        assertThat(server.announcedMaps(1)).containsExactly("prt_fild05");
    }

    @Test
    void nodeOfCharacterSelectLetsInOnce() {
        Probe a = mapServer(A, "prt_fild08");
        int[] ids = select();
        assertThat(server.expects(accountId)).isTrue();
        assertThat(server.serverOf(accountId)).isEqualTo(-2);

        Packet ok = a.say(auth(ids[0])).only(InterPackets.AUTH_OK);

        assertThat(ok.length()).isEqualTo(8881);
        assertThat(ok.i32(8)).isEqualTo(ids[0]);
        assertThat(ok.i32(12)).isEqualTo(ids[1]);
        assertThat(ok.i32(20)).isEqualTo(99);
        assertThat(ok.u8(24)).isZero();
        assertThat(server.serverOf(accountId)).isZero();
        assertThat(database.online(charId)).isTrue();
        assertThat(a.say(auth(ids[0])).ids()).containsExactly("2b27");
    }

    @Test
    void wrongLoginIdIsRefusedAndHarmsNothing() {
        Probe a = mapServer(A, "prt_fild08");
        int[] ids = select();

        Packet refused = a.say(auth(ids[0] + 1)).only(InterPackets.AUTH_FAILED);

        assertThat(refused.i32(2)).isEqualTo(accountId);
        assertThat(a.say(auth(ids[0])).ids()).containsExactly("2afd");
    }

    @Test
    void autotradeReadGivesAnybodysRecordAndMarksOnline() {
        Probe a = mapServer(A, "prt_fild08");

        Packet ok =
                a.say(InterPackets.auth(accountId, charId, 0, 0, LOCAL, true)).only(InterPackets.AUTH_OK);

        assertThat(ok.i32(8)).isZero();
        assertThat(ok.i32(20)).isZero();
        assertThat(Status.of(ok.slice(25, Status.LENGTH)).name()).isEqualTo("Alice");
        assertThat(database.online(charId)).isTrue();
        a.say(InterPackets.ofCharacterAndAccount(InterPackets.OFFLINE, charId, accountId));
        assertThat(database.online(charId)).isFalse();
    }

    @Test
    void lowerSlotWinsWhenTwoAnnounceTheSameMap() {
        mapServer(A, "prt_fild08");
        mapServer(B, "prt_fild08");
        Probe login = new Probe(loginServer.accept(LOCAL)).say(ClientPackets.login("alice", "secret"));
        Packet accepted = login.only(ClientPackets.AC_ACCEPT_LOGIN);
        Probe client = connect().say(ClientPackets.charEnter(accountId, accepted.i32(4), accepted.i32(12), 0));
        List<Packet> welcome = client.take();
        assertThat(welcome.getFirst().length()).isEqualTo(4);
        assertThat(welcome.stream().skip(1).map(Packet::id)).containsExactly(0x82d, 0x6b, 0x9a0, 0x20d, 0x8b9);

        Packet to = client.say(ClientPackets.select(0)).only(ClientPackets.HC_MAP_SERVER);

        assertThat(new Endpoint(to.i32be(22), to.u16(26))).isEqualTo(A);
    }

    @Test
    void nobodyHasTheMapSoThatACityMayBeChosen() {
        Probe a = mapServer(A, "prontera");
        Probe login = new Probe(loginServer.accept(LOCAL)).say(ClientPackets.login("alice", "secret"));
        Packet accepted = login.only(ClientPackets.AC_ACCEPT_LOGIN);
        Probe client = connect().say(ClientPackets.charEnter(accountId, accepted.i32(4), accepted.i32(12), 0));
        client.take();

        Packet cities = client.say(ClientPackets.select(0)).only(ClientPackets.HC_ACCESSIBLE_MAPS);
        assertThat(cities.i32(4)).isZero();
        Packet to = client.say(ClientPackets.selectMap(0, 0)).only(ClientPackets.HC_MAP_SERVER);

        assertThat(to.text(6, 16)).isEqualTo("prontera.gat");
        assertThat(Objects.requireNonNull(server.cached(charId)).lastPoint().map())
                .isEqualTo("prontera");
        assertThat(a.say(auth(accepted.i32(4))).ids()).containsExactly("2afd");
    }

    @Test
    void serverChangeMakesANodeForTheTarget() {
        Probe a = mapServer(A, "prt_fild08");
        Probe b = mapServer(B, "prt_fild07");
        int[] ids = select();
        a.say(auth(ids[0])).take();
        Point to = new Point("prt_fild07", 10, 20);
        Packet request = InterPackets.changeServer(database.status(charId), ids[0], ids[1], to, B, LOCAL, 99);

        Packet ack = a.say(request).only(InterPackets.CHANGE_SERVER_ACK);
        assertThat(ack.bytes()).endsWith(request.slice(38, 6));
        assertThat(ack.i32(6)).isEqualTo(ids[0]);
        assertThat(server.serverOf(accountId)).isEqualTo(1);

        Packet ok = b.say(auth(ids[0])).only(InterPackets.AUTH_OK);
        assertThat(ok.u8(24)).isEqualTo(1);
        assertThat(ok.i32(20)).isEqualTo(99);
        assertThat(Status.of(ok.slice(25, Status.LENGTH)).lastPoint()).isEqualTo(to);
    }

    @Test
    void serverChangeToWhereTheMapIsNotIsRefusedByAZeroedId() {
        Probe a = mapServer(A, "prt_fild08");
        mapServer(B, "prt_fild07");
        int[] ids = select();
        a.say(auth(ids[0])).take();

        Packet ack = a.say(InterPackets.changeServer(
                        database.status(charId), ids[0], ids[1], new Point("prt_fild05", 1, 1), B, LOCAL, 99))
                .only(InterPackets.CHANGE_SERVER_ACK);

        assertThat(ack.i32(6)).isZero();
        assertThat(server.expects(accountId)).isFalse();
    }

    @Test
    void lostLinkIsToldToOthersAndItsPlayersAreUnknown() {
        Probe a = mapServer(A, "prt_fild08");
        Probe b = mapServer(B, "prt_fild07");
        a.say(auth(select()[0])).take();

        a.leave();

        Packet gone = b.only(InterPackets.MAPS_GONE);
        assertThat(gone.i32be(4)).isEqualTo(A.address());
        assertThat(gone.u16be(8)).isEqualTo(A.port());
        assertThat(server.serverOf(accountId)).isEqualTo(-2);
        assertThat(database.online(charId)).isTrue();
        net.run(Duration.ofSeconds(601));
        assertThat(database.online(charId)).isFalse();
        assertThat(server.serverOf(accountId)).isEqualTo(-1);
    }

    @Test
    void secondLoginAfterALostLinkWorksAtTheSecondAttempt() {
        Probe a = mapServer(A, "prt_fild08");
        a.say(auth(select()[0])).take();
        a.leave();

        Probe first = new Probe(loginServer.accept(LOCAL)).say(ClientPackets.login("alice", "secret"));
        assertThat(first.only(ClientPackets.SC_NOTIFY_BAN).u8(2)).isEqualTo(8);
        Probe second = new Probe(loginServer.accept(LOCAL)).say(ClientPackets.login("alice", "secret"));

        assertThat(second.ids()).containsExactly("0ac4");
    }

    @Test
    void secondLoginKicksWhoPlaysAndErasesTheNode() {
        Probe a = mapServer(A, "prt_fild08");
        int[] ids = select();
        a.say(auth(ids[0])).take();
        a.say(InterPackets.charSelect(accountId, ids[0], ids[1], LOCAL)).take();
        a.say(InterPackets.ofCharacterAndAccount(InterPackets.ONLINE, charId, accountId));
        assertThat(server.expects(accountId)).isTrue();

        Probe login = new Probe(loginServer.accept(LOCAL)).say(ClientPackets.login("alice", "secret"));

        assertThat(login.only(ClientPackets.SC_NOTIFY_BAN).u8(2)).isEqualTo(8);
        Packet kick = a.only(InterPackets.KICK);
        assertThat(kick.u8(6)).isEqualTo(2);
        assertThat(server.expects(accountId)).isFalse();
        // Whoever does not go is set offline all the same.
        net.run(Duration.ofSeconds(31));
        assertThat(database.online(charId)).isFalse();
    }

    @Test
    void usersListClaimsAndKicksElsewhere() {
        Probe a = mapServer(A, "prt_fild08");
        Probe b = mapServer(B, "prt_fild07");
        a.say(auth(select()[0])).take();

        b.say(InterPackets.users(List.of(new int[] {accountId, charId})));

        assertThat(a.only(InterPackets.KICK).i32(2)).isEqualTo(accountId);
        assertThat(server.serverOf(accountId)).isEqualTo(1);
        a.say(InterPackets.users(List.of()));
        assertThat(server.serverOf(accountId)).isEqualTo(1);
        b.say(InterPackets.users(List.of()));
        assertThat(server.serverOf(accountId)).isEqualTo(-2);
    }

    @Test
    void allOfflineAsksForEverybodyOfThatLink() {
        Probe a = mapServer(A, "prt_fild08");
        a.say(auth(select()[0])).take();

        a.say(InterPackets.bare(InterPackets.ALL_OFFLINE));

        assertThat(a.only(InterPackets.KICK).u8(6)).isEqualTo(1);
    }

    @Test
    void charSelectNodeLetsBackInWithoutPassword() {
        Probe a = mapServer(A, "prt_fild08");
        int[] ids = select();
        a.say(auth(ids[0])).take();

        assertThat(a.say(InterPackets.charSelect(accountId, 11, 22, LOCAL)).ids())
                .containsExactly("2b03");

        Probe client = connect().say(ClientPackets.charEnter(accountId, 11, 22, 0));
        assertThat(client.ids()).contains("006b");
    }

    @Test
    void autosaveIsStoredAndNotAcknowledged() {
        Probe a = mapServer(A, "prt_fild08");
        a.say(auth(select()[0])).take();

        a.say(InterPackets.save(database.status(charId).zeny(777), false));

        assertThat(a.ids()).isEmpty();
        assertThat(database.status(charId).zeny()).isEqualTo(777);
    }

    @Test
    void quitSaveIsAcknowledgedAndSetsOffline() {
        Probe a = mapServer(A, "prt_fild08");
        a.say(auth(select()[0])).take();

        Packet ack =
                a.say(InterPackets.save(database.status(charId).zeny(5), true)).only(InterPackets.SAVE_ACK);

        assertThat(ack.i32(2)).isEqualTo(accountId);
        assertThat(ack.i32(6)).isEqualTo(charId);
        assertThat(database.online(charId)).isFalse();
        assertThat(server.cached(charId)).isNull();
        assertThat(loginServer.isOnline(accountId)).isFalse();
    }

    @Test
    void saveOfAnotherSizeIsDroppedWithoutAWord() {
        Probe a = mapServer(A, "prt_fild08");

        a.say(Packet.variable(InterPackets.SAVE, 8868)
                .u32(4, accountId)
                .u32(8, charId)
                .u8(12, 1));

        assertThat(a.ids()).isEmpty();
        assertThat(server.dropped()).isEqualTo(1);
        assertThat(a.closed()).isFalse();
    }

    @Test
    void saveOfSomebodyNotOnlinePassesByItsLowByte() {
        Probe a = mapServer(A, "prt_fild08");
        assertThat(charId & 0xff).isNotZero();

        a.say(InterPackets.save(database.status(charId).zeny(9), false));

        assertThat(database.status(charId).zeny()).isEqualTo(9);
    }

    @Test
    void saveOfSomebodyNotOnlineIsDroppedWhenTheLowByteIsZero() {
        Probe a = mapServer(A, "prt_fild08");
        database.nextCharId(150_016);
        int other = database.createCharacter(accountId, "Zero", 1, 0, FIELD);

        a.say(InterPackets.save(database.status(other).zeny(9), false));
        assertThat(database.status(other).zeny()).isEqualTo(1000);
        assertThat(database.online(other)).isTrue();

        a.say(InterPackets.save(database.status(other).zeny(9), false));
        assertThat(database.status(other).zeny()).isEqualTo(9);
    }

    @Test
    void failingDatabaseIsInvisibleButForAReadBack() {
        Probe a = mapServer(A, "prt_fild08");
        a.say(auth(select()[0])).take();
        database.failWrites(true);

        assertThat(a.say(InterPackets.save(database.status(charId).zeny(4242), false))
                        .ids())
                .isEmpty();
        Packet read =
                a.say(InterPackets.auth(accountId, charId, 0, 0, LOCAL, true)).only(InterPackets.AUTH_OK);
        assertThat(Status.of(read.slice(25, Status.LENGTH)).zeny()).isEqualTo(1000);
        assertThat(a.say(InterPackets.save(database.status(charId).zeny(4242), true))
                        .ids())
                .containsExactly("2b21");
        Storage storage = Storage.loaded(Storage.INVENTORY, charId, 3, List.of());
        assertThat(a.say(InterPackets.itemsSave(storage, Storage.INVENTORY, accountId, charId))
                        .only(InterPackets.ITEMS_SAVED)
                        .u8(6))
                .isZero();

        database.failWrites(false);
        assertThat(database.status(charId).zeny()).isEqualTo(1000);
        assertThat(database.inventory(charId)).hasSize(2);
    }

    @Test
    void recordThatCannotBeReadIsRefused() {
        Probe a = mapServer(A, "prt_fild08");
        database.failReads(true);

        assertThat(a.say(InterPackets.auth(accountId, charId, 0, 0, LOCAL, true))
                        .ids())
                .containsExactly("2b27");
        assertThat(a.say(InterPackets.itemsRequest(Storage.INVENTORY, accountId, charId))
                        .only(InterPackets.ITEMS)
                        .u8(9))
                .isZero();
    }

    @Test
    void itemsComeBackAsSaved() {
        Probe a = mapServer(A, "prt_fild08");
        Storage storage = Storage.of(a.say(InterPackets.itemsRequest(Storage.INVENTORY, accountId, charId))
                .only(InterPackets.ITEMS)
                .slice(10, Storage.LENGTH));
        assertThat(storage.items()).extracting(Item::nameId).containsExactly(1201, 2301);
        storage.put(5, Item.created(909, 7, 0));

        Packet saved = a.say(InterPackets.itemsSave(storage, Storage.INVENTORY, accountId, charId))
                .only(InterPackets.ITEMS_SAVED);
        assertThat(saved.u8(6)).isEqualTo(1);
        assertThat(database.inventory(charId)).hasSize(3).allMatch(item -> item.id() > 0);

        Storage again = Storage.of(a.say(InterPackets.itemsRequest(Storage.INVENTORY, accountId, charId))
                .only(InterPackets.ITEMS)
                .slice(10, Storage.LENGTH));
        assertThat(again.items()).extracting(Item::nameId).containsExactly(1201, 2301, 909);
    }

    @Test
    void unknownKindOfStorageFailsAndTouchesNothing() {
        Probe a = mapServer(A, "prt_fild08");

        Packet saved = a.say(InterPackets.itemsSave(Storage.of(new byte[Storage.LENGTH]), 0, accountId, charId))
                .only(InterPackets.ITEMS_SAVED);

        assertThat(saved.u8(6)).isZero();
        assertThat(database.inventory(charId)).hasSize(2);
    }

    @Test
    void statusChangesAreLoadedWithoutBeingDeleted() {
        Probe a = mapServer(A, "prt_fild08");
        List<SimDatabase.StatusChange> changes = List.of(new SimDatabase.StatusChange(55, 1, 2, 3, 4, 60_000));
        a.say(InterPackets.statusChanges(InterPackets.STATUS_CHANGES_SAVE, accountId, charId, changes));
        Packet request = InterPackets.ofPlayer(InterPackets.STATUS_CHANGES_REQUEST, accountId, charId);

        assertThat(InterPackets.statusChanges(a.say(request).only(InterPackets.STATUS_CHANGES)))
                .isEqualTo(changes);
        assertThat(InterPackets.statusChanges(a.say(request).only(InterPackets.STATUS_CHANGES)))
                .isEqualTo(changes);

        a.say(InterPackets.statusChanges(InterPackets.STATUS_CHANGES_SAVE, accountId, charId, List.of()));
        assertThat(database.statusChanges(charId)).isEmpty();
    }

    @Test
    void cooldownsAreDeletedOnceLoaded() {
        Probe a = mapServer(A, "prt_fild08");
        Packet save = Packet.variable(InterPackets.COOLDOWNS_SAVE, 30)
                .u32(4, accountId)
                .u32(8, charId)
                .u16(12, 1)
                .u16(14, 28)
                .i64(22, 5000);
        a.say(save);
        Packet request = InterPackets.ofPlayer(InterPackets.COOLDOWNS_REQUEST, accountId, charId);

        Packet loaded = a.say(request).only(InterPackets.COOLDOWNS);
        assertThat(loaded.slice(14, 16)).isEqualTo(save.slice(14, 16));
        assertThat(a.say(request).ids()).isEmpty();
    }

    @Test
    void bonusScriptsAreReplacedAndDeletedOnceLoaded() {
        Probe a = mapServer(A, "prt_fild08");
        Packet save =
                Packet.variable(InterPackets.BONUS_SAVE, 9 + 528).u32(4, charId).u8(8, 1);
        save.text(9, 500, "bonus bStr,1;");
        a.say(InterPackets.bonusSave(charId)).say(save);

        Packet loaded = a.say(InterPackets.ofCharacter(InterPackets.BONUS_REQUEST, charId))
                .only(InterPackets.BONUS);
        assertThat(loaded.slice(4, 533)).isEqualTo(save.slice(4, 533));
        assertThat(a.say(InterPackets.ofCharacter(InterPackets.BONUS_REQUEST, charId))
                        .ids())
                .isEmpty();
    }

    @Test
    void onlineIsTakenFromWhoSaysItLast() {
        Probe a = mapServer(A, "prt_fild08");
        Probe b = mapServer(B, "prt_fild07");
        a.take();

        a.say(InterPackets.ofCharacterAndAccount(InterPackets.ONLINE, charId, accountId));
        assertThat(database.online(charId)).isTrue();
        assertThat(loginServer.isOnline(accountId)).isTrue();
        b.say(InterPackets.ofCharacterAndAccount(InterPackets.ONLINE, charId, accountId));

        assertThat(a.only(InterPackets.KICK).u8(6)).isEqualTo(2);
        assertThat(server.serverOf(accountId)).isEqualTo(1);
    }

    @Test
    void offlineIsBelievedFromAnyLink() {
        Probe a = mapServer(A, "prt_fild08");
        Probe b = mapServer(B, "prt_fild07");
        a.say(auth(select()[0])).take();

        b.say(InterPackets.ofCharacterAndAccount(InterPackets.OFFLINE, charId, accountId));

        assertThat(database.online(charId)).isFalse();
        assertThat(server.serverOf(accountId)).isEqualTo(-1);
    }

    @Test
    void broadcastsAndGuildTalkAreWithheldFromTheirSender() {
        Probe a = mapServer(A, "prt_fild08");
        Probe b = mapServer(B, "prt_fild07");
        a.take();

        for (int id : new int[] {0x3000, 0x3009, 0x3037, 0x30a1}) {
            a.say(Packet.variable(id, 20));
        }
        a.say(Packet.variable(0x3003, 40));

        assertThat(b.ids()).containsExactly("3800", "3809", "3837", "38a1", "3803");
        assertThat(a.ids()).containsExactly("3803");
    }

    @Test
    void knownPacketsThatNothingIsDoneWithKeepTheLink() {
        Probe a = mapServer(A, "prt_fild08");

        a.say(Packet.variable(0x3030, 100)).say(Packet.fixed(0x2b1a, 2));

        assertThat(a.closed()).isFalse();
    }

    @Test
    void variablesComeInSixPartsTheLastTwoForEverybody() {
        Probe a = mapServer(A, "prt_fild08");
        Probe b = mapServer(B, "prt_fild07");
        a.say(InterPackets.variablesSave(accountId, charId, Map.of("QUEST", 17L)));
        a.say(InterPackets.variablesSave(accountId, charId, Map.of("#BANK", 18L)));
        a.say(InterPackets.variablesSave(accountId, charId, Map.of("##VIP", 19L)))
                .take();
        b.take();

        List<Packet> parts =
                a.say(InterPackets.variablesRequest(accountId, charId)).take();

        assertThat(parts).extracting(part -> part.u8(12)).containsExactly(0, 3, 0, 2, 0, 1);
        assertThat(parts).extracting(part -> part.u16(14)).containsExactly(0, 1, 0, 1, 0, 1);
        assertThat(b.ids()).containsExactly("3804", "3804");
        assertThat(database.characterVariable(charId, "QUEST")).isEqualTo(17L);
        a.say(InterPackets.variablesSave(accountId, charId, Map.of("QUEST", 0L)));
        assertThat(database.characterVariable(charId, "QUEST")).isNull();
    }

    @Test
    void withoutTheLoginServerItsVariablesDoNotCome() {
        Probe a = mapServer(A, "prt_fild08");
        server.loginServerAway();

        assertThat(a.say(InterPackets.variablesRequest(accountId, charId)).ids())
                .hasSize(4);
        Probe later = connect().say(InterPackets.login("s1", "p1", B));
        assertThat(later.closed()).isTrue();
        assertThat(later.ids()).isEmpty();
        server.loginServerBack();
        assertThat(connect().say(InterPackets.login("s1", "p1", B)).ids()).contains("2af9");
    }

    @Test
    void partyTalkIsWithheldFromTheLinkItCameFrom() {
        Probe a = mapServer(A, "prt_fild08");
        Probe b = mapServer(B, "prt_fild07");
        a.take();

        a.say(InterPackets.partyChat(InterPackets.PARTY_CHAT, 1, accountId, "Alice : hi"));

        assertThat(a.ids()).isEmpty();
        assertThat(b.only(InterPackets.PARTY_SAID).text(12, 11)).isEqualTo("Alice : hi");
    }

    @Test
    void whisperEndsWithTheLastNoOrTheFirstOther() {
        int bob = database.createCharacter(accountId, "Bob", 1, 0, FIELD);
        assertThat(bob).isPositive();
        Probe a = mapServer(A, "prt_fild08");
        Probe b = mapServer(B, "prt_fild07");
        a.take();

        a.say(InterPackets.whisper(0, "Alice", "Bob", "psst"));
        int id = a.only(InterPackets.WHISPERED).i32(4);
        assertThat(b.only(InterPackets.WHISPERED).i32(4)).isEqualTo(id);
        b.say(InterPackets.whisperAnswer(id, 1));
        assertThat(a.ids()).isEmpty();
        a.say(InterPackets.whisperAnswer(id, 1));
        assertThat(a.only(InterPackets.WHISPER_END).u8(26)).isEqualTo(1);

        a.say(InterPackets.whisper(0, "Alice", "Bob", "psst"));
        id = a.only(InterPackets.WHISPERED).i32(4);
        b.say(InterPackets.whisperAnswer(id, 0));
        assertThat(a.only(InterPackets.WHISPER_END).u8(26)).isZero();
        b.say(InterPackets.whisperAnswer(id, 0));
        assertThat(a.ids()).isEmpty();
    }

    @Test
    void whisperToNobodyIsAnsweredWithoutAskingAnyone() {
        Probe a = mapServer(A, "prt_fild08");
        Probe b = mapServer(B, "prt_fild07");
        a.take();

        a.say(InterPackets.whisper(0, "Alice", "Nobody", "psst"));

        assertThat(a.only(InterPackets.WHISPER_END).u8(26)).isEqualTo(1);
        assertThat(b.ids()).isEmpty();
    }

    @Test
    void keepAliveIsAnsweredAndNeverAsked() {
        Probe a = mapServer(A, "prt_fild08");

        net.run(Duration.ofMinutes(10));
        assertThat(a.ids()).isEmpty();
        assertThat(a.closed()).isFalse();
        assertThat(a.say(InterPackets.bare(InterPackets.KEEP_ALIVE)).ids()).containsExactly("2b24");
    }

    @Test
    void unknownPacketEndsTheLink() {
        Probe a = mapServer(A, "prt_fild08");
        Probe b = mapServer(B, "prt_fild07");
        b.take();

        a.say(Packet.fixed(0x2c00, 2));

        assertThat(a.closed()).isTrue();
        assertThat(b.ids()).containsExactly("2b20");
        assertThat(server.mapServers()).isEqualTo(1);
    }

    @Test
    void seventhQuickConnectIsShutOutForTenMinutes() {
        server = start(CharServerSettings.stock("s1", "p1", Stage.CHAR));
        for (int i = 0; i < 6; i++) {
            assertThat(connect().closed()).isFalse();
        }
        assertThat(connect().closed()).isTrue();
        net.run(Duration.ofMinutes(9));
        assertThat(connect().closed()).isTrue();
        net.run(Duration.ofMinutes(2));
        assertThat(connect().closed()).isFalse();
    }

    @Test
    void allowedAddressMayConnectAsOftenAsItLikes() {
        server = start(CharServerSettings.stock("s1", "p1", Stage.CHAR).withAllowed(Set.of(LOCAL)));
        for (int i = 0; i < 20; i++) {
            assertThat(connect().closed()).isFalse();
        }
    }

    @Test
    void restartLosesWhatWasInMemoryOnly() {
        Probe a = mapServer(A, "prt_fild08");
        int[] ids = select();
        a.say(auth(ids[0])).take();
        a.say(InterPackets.save(database.status(charId).zeny(50), false));
        server.stop();

        server = start(Stage.charSettings());

        assertThat(database.online(charId)).isFalse();
        assertThat(database.status(charId).zeny()).isEqualTo(50);
        Probe again = mapServer(A, "prt_fild08");
        assertThat(again.say(auth(ids[0])).ids()).containsExactly("2b27");
        assertThat(server.serverOf(accountId)).isEqualTo(-1);
    }

    @Test
    void deafUntilLoggedInAtTheLoginServer() {
        server = new SimCharServer(Stage.charSettings(), database, loginServer, net);
        net.add(server);

        Probe early = connect().say(InterPackets.login("s1", "p1", A));
        assertThat(early.closed()).isTrue();
        net.run(Duration.ofSeconds(1));
        assertThat(connect().say(InterPackets.login("s1", "p1", A)).ids()).contains("2af9");
    }

    @Test
    void castlesClansMailAndLogsAreAnswered() {
        Probe a = mapServer(A, "prt_fild08");

        a.say(InterPackets.castlesRequest())
                .say(InterPackets.bare(InterPackets.CLANS_REQUEST))
                .say(InterPackets.mailRequest(charId))
                .say(InterPackets.ofCharacter(InterPackets.QUESTS_REQUEST, charId))
                .say(InterPackets.log(InterPackets.ACHIEVEMENTS_SAVE, charId, new byte[72]))
                .say(InterPackets.ofCharacter(InterPackets.ACHIEVEMENTS_REQUEST, charId));

        List<Packet> answers = a.take();
        assertThat(answers).extracting(Packet::id).containsExactly(0x3840, 0x38a0, 0x3848, 0x3860, 0x3863, 0x3862);
        assertThat(answers).extracting(Packet::length).containsExactly(7620, 17092, 30738, 8, 7, 80);
    }
}
