package io.p2phost.ro.inter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.p2phost.ro.Packet;
import io.p2phost.ro.layout.BuildLayout;
import io.p2phost.ro.layout.CharStatus;
import io.p2phost.ro.layout.Item;
import io.p2phost.ro.layout.MapPoint;
import io.p2phost.ro.layout.Storage;
import io.p2phost.ro.testing.Capture;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is known to have happened in the recorded session is what the views read from its bytes. */
class RecordedFactsTest {
    private static final BuildLayout BUILD = BuildLayout.shipped(BuildLayout.LINUX_20200401);
    private static final Capture TO_CHAR = new Capture("full/inter_A_m2c");
    private static final Capture TO_MAP = new Capture("full/inter_A_c2m");
    private static final Capture RESERVE_TO_CHAR = new Capture("full/inter_C_m2c");
    private static final Capture RESERVE_TO_MAP = new Capture("full/inter_C_c2m");
    private static final int GM = 2_000_008;
    private static final int GM_CHARACTER = 150_008;
    private static final int LOCALHOST = 0x7f000001;

    @Test
    void mapServerLogsInAndAnnouncesItsMaps() {
        MapServerLogin login = new MapServerLogin(first(TO_CHAR, MapToChar.MAP_SERVER_LOGIN));
        assertThat(login.user()).isEqualTo("hostA");
        assertThat(login.password()).isEqualTo("tokenA");
        assertThat(login.ip()).isEqualTo(LOCALHOST);
        assertThat(login.port()).isEqualTo(5131);
        assertThat(login.toString()).doesNotContain("token");

        assertThat(new LoginAnswer(first(TO_MAP, CharToMap.LOGIN_ANSWER)).accepted())
                .isTrue();
        assertThat(new MapList(first(TO_CHAR, MapToChar.MAP_LIST)).maps())
                .containsExactly("prt_fild08", "prt_fild01", "prt_fild02", "prt_fild05", "prt_fild06");
        MapsAccepted accepted = new MapsAccepted(first(TO_MAP, CharToMap.MAPS_ACCEPTED));
        assertThat(accepted.accepted()).isTrue();
        assertThat(accepted.whisperName()).isEqualTo("Server");
        assertThat(accepted.serverName()).isEqualTo("rAthena");
        assertThat(new OnlineUsers(first(TO_CHAR, MapToChar.ONLINE_USERS)).players())
                .isEmpty();
        assertThat(new UserCount(first(TO_CHAR, MapToChar.USER_COUNT)).users()).isEqualTo(1);
        assertThat(new TotalUsers(first(TO_MAP, CharToMap.TOTAL_USERS)).users()).isEqualTo(1);
    }

    @Test
    void otherServersMapsComeAndGo() {
        RemoteMaps core = new RemoteMaps(first(TO_MAP, CharToMap.REMOTE_MAPS));
        assertThat(core.ip()).isEqualTo(LOCALHOST);
        assertThat(core.port()).isEqualTo(5121);
        assertThat(core.maps()).hasSize(1236).startsWith("alb_ship").allMatch(MapPoint::isMapName);
        assertThat(core.isGone()).isFalse();

        RemoteMaps gone = new RemoteMaps(first(new Capture("full/inter_B_c2m"), CharToMap.REMOTE_MAPS_GONE));
        assertThat(gone.isGone()).isTrue();
        assertThat(gone.ip()).isEqualTo(0x7f000002);
        assertThat(gone.port()).isEqualTo(7000);
        assertThat(gone.maps()).hasSize(5);
    }

    @Test
    void playerEnters() {
        AuthRequest request = new AuthRequest(first(TO_CHAR, MapToChar.AUTH_REQUEST));
        assertThat(request.accountId()).isEqualTo(GM);
        assertThat(request.charId()).isEqualTo(GM_CHARACTER);
        assertThat(request.loginId1()).isEqualTo(0x3b25f3c3);
        assertThat(request.sex()).isEqualTo(1);
        assertThat(request.ip()).isEqualTo(LOCALHOST);
        assertThat(request.autotrade()).isFalse();

        AuthOk ok = new AuthOk(first(TO_MAP, CharToMap.AUTH_OK));
        assertThat(ok.accountId()).isEqualTo(GM);
        assertThat(ok.loginId1()).isEqualTo(request.loginId1());
        assertThat(ok.loginId2()).isEqualTo(0xd634620e);
        assertThat(ok.expiration()).isZero();
        assertThat(ok.groupId()).isEqualTo(99);
        assertThat(ok.changingServers()).isFalse();
        CharStatus status = ok.status(BUILD);
        assertThat(status.name()).isEqualTo("Full Guy");
        assertThat(status.baseLevel()).isEqualTo(1);
        assertThat(status.zeny()).isEqualTo(1000);
        assertThat(status.hp()).isEqualTo(40);
        assertThat(status.lastPoint()).isEqualTo(new MapPoint("prt_fild08", 170, 375));
    }

    @Test
    void savesShowWhatWasGained() {
        List<Packet> saves = TO_CHAR.packets(MapToChar.SAVE_CHARACTER);
        assertThat(saves).hasSize(3);
        SaveCharacter save = new SaveCharacter(saves.getFirst());
        assertThat(save.accountId()).isEqualTo(GM);
        assertThat(save.charId()).isEqualTo(GM_CHARACTER);
        assertThat(save.quit()).isFalse();
        CharStatus status = save.status(BUILD);
        assertThat(status.charId()).isEqualTo(GM_CHARACTER);
        assertThat(status.accountId()).isEqualTo(GM);
        assertThat(status.baseExp()).isEqualTo(6);
        assertThat(status.jobExp()).isEqualTo(3);
        assertThat(status.zeny()).isEqualTo(1500);
        assertThat(status.baseLevel()).isEqualTo(41);
        assertThat(status.jobLevel()).isEqualTo(1);
        assertThat(status.strength()).isEqualTo(91);
        assertThat(status.dexterity()).isEqualTo(91);
        assertThat(status.hp()).isEqualTo(242);
        assertThat(status.maxHp()).isEqualTo(242);
        assertThat(status.sex()).isEqualTo(1);
        assertThat(status.job()).isZero();
        assertThat(status.partyId()).isZero();
        assertThat(status.guildId()).isZero();
        assertThat(status.savePoint()).isEqualTo(new MapPoint("prt_fild08", 170, 375));
        assertThat(status.memoPoints()).isEqualTo(3);
        assertThat(status.memoPoint(0).map()).isEmpty();
        assertThat(status.uniqueItemCounter()).isEqualTo(1);
        assertThat(status.get("inventory_slots")).isEqualTo(100);

        assertThat(new SaveCharacter(saves.get(1)).status(BUILD).lastPoint())
                .isEqualTo(new MapPoint("prt_fild08", 170, 371));
        SaveCharacter last = new SaveCharacter(saves.getLast());
        assertThat(last.quit()).isTrue();
        SaveAck ack = new SaveAck(first(TO_MAP, CharToMap.SAVE_ACK));
        assertThat(ack.accountId()).isEqualTo(last.accountId());
        assertThat(ack.charId()).isEqualTo(last.charId());
    }

    @Test
    void itemsShowWhatWasPickedUp() {
        SaveItems save = new SaveItems(first(TO_CHAR, MapToChar.SAVE_ITEMS));
        assertThat(save.kind()).isEqualTo(ItemKind.INVENTORY);
        assertThat(save.accountId()).isEqualTo(GM);
        assertThat(save.charId()).isEqualTo(GM_CHARACTER);
        Storage storage = save.storage(BUILD);
        assertThat(storage.ownerId()).isEqualTo(GM_CHARACTER);
        assertThat(storage.kind()).isEqualTo(1);
        assertThat(storage.maxAmount()).isEqualTo(200);
        assertThat(storage.places()).isEqualTo(600);
        assertThat(storage.items())
                .extracting(Item::itemId, Item::amount)
                .containsExactly(tuple(1201, 1), tuple(2301, 1), tuple(909, 3), tuple(1202, 1), tuple(501, 7));
        assertThat(storage.item(3).uniqueId()).isEqualTo(644_279_454_138_368L);
        // The map-server's own figure is that of the last load, not of what it holds.
        assertThat(storage.amount()).isEqualTo(2);

        ItemsSaved saved = new ItemsSaved(first(TO_MAP, CharToMap.ITEMS_SAVED));
        assertThat(saved.ok()).isTrue();
        assertThat(saved.kind()).isEqualTo(ItemKind.INVENTORY);
        assertThat(saved.accountId()).isEqualTo(GM);

        assertThat(RESERVE_TO_MAP.packets(CharToMap.ITEMS).stream()
                        .map(ItemsLoaded::new)
                        .filter(loaded -> loaded.kind() == ItemKind.INVENTORY)
                        .findFirst()
                        .orElseThrow()
                        .storage(BUILD)
                        .items())
                .extracting(Item::itemId)
                .containsExactly(1201, 2301, 909, 1202, 501);
    }

    @Test
    void playerIsMovedToAnotherServer() {
        ServerChange change = new ServerChange(first(RESERVE_TO_CHAR, MapToChar.SERVER_CHANGE));
        assertThat(change.accountId()).isEqualTo(2_000_009);
        assertThat(change.charId()).isEqualTo(150_009);
        assertThat(change.loginId1()).isEqualTo(0x36cd5943);
        assertThat(change.loginId2()).isEqualTo(0x314e5811);
        assertThat(change.target()).isEqualTo(new MapPoint("prt_fild08", 170, 371));
        assertThat(change.ip()).isEqualTo(LOCALHOST);
        assertThat(change.port()).isEqualTo(5123);
        assertThat(change.sex()).isEqualTo(1);
        assertThat(change.clientIp()).isEqualTo(LOCALHOST);
        assertThat(change.groupId()).isZero();

        Packet answer = first(RESERVE_TO_MAP, CharToMap.SERVER_CHANGE_ANSWER);
        assertThat(new ServerChangeAnswer(answer).accepted()).isTrue();
        assertThat(ServerChangeAnswer.accept(change).packet()).isEqualTo(answer);
        assertThat(new AuthOk(RESERVE_TO_MAP.packets(CharToMap.AUTH_OK).getLast()).changingServers())
                .isTrue();
    }

    @Test
    void variablesComeInThreeScopesAndTwoKinds() {
        LoadVariables load = new LoadVariables(first(TO_CHAR, MapToChar.LOAD_VARIABLES));
        assertThat(load.global() && load.account() && load.character()).isTrue();
        assertThat(TO_MAP.packets(CharToMap.VARIABLES).stream()
                        .map(VariablesLoaded::new)
                        .limit(6))
                .extracting(
                        VariablesLoaded::scope,
                        VariablesLoaded::textual,
                        loaded -> loaded.variables().size())
                .containsExactly(
                        tuple(VariablesLoaded.MORE, true, 0),
                        tuple(VariablesLoaded.CHARACTER, false, 0),
                        tuple(VariablesLoaded.MORE, true, 0),
                        tuple(VariablesLoaded.ACCOUNT, false, 0),
                        tuple(VariablesLoaded.MORE, true, 0),
                        tuple(VariablesLoaded.GLOBAL, false, 0));
        assertThat(new SaveVariables(first(TO_CHAR, MapToChar.SAVE_VARIABLES)).variables())
                .containsExactly(new Variable("ARG0", 0, Variable.Kind.NO_NUMBER, 0, ""));
    }

    @Test
    void nothingElseIsOnTheCharacter() {
        assertThat(new StatusChanges(first(TO_MAP, CharToMap.STATUS_CHANGES), BUILD).changes())
                .isEmpty();
        assertThat(new StatusChanges(first(TO_CHAR, MapToChar.SAVE_STATUS_CHANGES), BUILD).changes())
                .isEmpty();
        assertThat(new BonusScripts(first(TO_CHAR, MapToChar.SAVE_BONUS_SCRIPTS), BUILD).bonuses())
                .isEmpty();
        assertThat(new LoadMail(first(TO_CHAR, MapToChar.LOAD_MAIL)).charId()).isEqualTo(GM_CHARACTER);
    }

    @Test
    void theShippedLayoutFitsEveryRecordedPacket() {
        assertThat(Capture.inter().flatMap(capture -> capture.packets().stream()))
                .allMatch(packet -> InterPackets.refusal(packet, BUILD).isEmpty());
    }

    private static Packet first(Capture capture, int id) {
        return capture.packets(id).getFirst();
    }
}
