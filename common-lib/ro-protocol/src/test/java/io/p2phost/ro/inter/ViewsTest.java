package io.p2phost.ro.inter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2phost.ro.FramingException;
import io.p2phost.ro.Packet;
import io.p2phost.ro.layout.BuildLayout;
import io.p2phost.ro.layout.MapPoint;
import io.p2phost.ro.layout.Party;
import java.time.Duration;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What no recording shows, as bytes written out here. */
class ViewsTest {
    private static final BuildLayout BUILD = BuildLayout.shipped(BuildLayout.LINUX_20200401);

    @Test
    void aServerChangeIsRewrittenInPlace() {
        ServerChange change = ServerChange.of(0x11223344, 0x55667788, new MapPoint("prt_fild08", 1, 2))
                .loginIds(0x0a0b0c0d, 0x01020304)
                .address(0x7f000002, 7000)
                .client(1, 0x0a000001)
                .groupId(99);

        assertThat(change.packet())
                .isEqualTo(hex("052b 44332211 0d0c0b0a 04030201 88776655 7072745f66696c643038000000000000 0100 0200"
                        + " 7f000002 1b58 01 0a000001 63000000"));

        Packet packet = change.packet();
        change.loginIds(1, 2).groupId(0).address(0x7f000001, 5121).target(new MapPoint("a", 3, 4));
        ServerChange again = new ServerChange(packet);
        assertThat(again.loginId1()).isEqualTo(1);
        assertThat(again.loginId2()).isEqualTo(2);
        assertThat(again.groupId()).isZero();
        assertThat(again.port()).isEqualTo(5121);
        assertThat(again.target()).isEqualTo(new MapPoint("a", 3, 4));
        assertThat(again.accountId()).isEqualTo(0x11223344);
    }

    @Test
    void aRefusedChangeHasNoFirstLoginId() {
        ServerChange change =
                ServerChange.of(7, 8, new MapPoint("prontera", 1, 2)).loginIds(3, 4);
        assertThat(ServerChangeAnswer.accept(change).accepted()).isTrue();
        ServerChangeAnswer refused = ServerChangeAnswer.refuse(change).loginIds(5, 6);
        assertThat(refused.accepted()).isFalse();
        assertThat(refused.accountId()).isEqualTo(7);
        assertThat(refused.packet().length()).isEqualTo(44);
        assertThat(change.loginId1()).isEqualTo(3);
    }

    @Test
    void goneMapsAreToldWithTheAddressTurnedRoundToo() {
        RemoteMaps gone = RemoteMaps.gone(0x7f000001, 5121, List.of("prontera"));
        assertThat(gone.packet()).isEqualTo(hex("202b 1a00 7f000001 1401 70726f6e746572610000000000000000"));
        assertThat(gone.withReversedAddress().packet())
                .isEqualTo(hex("202b 1a00 0100007f 0114 70726f6e746572610000000000000000"));
        assertThat(gone.ip()).isEqualTo(0x7f000001);
    }

    @Test
    void mapListsThatOverflowTheCharServerAreNotBuilt() {
        assertThat(MapList.of(Collections.nCopies(MapList.MOST, "prontera")).maps())
                .hasSize(2000);
        assertThatThrownBy(() -> MapList.of(Collections.nCopies(MapList.MOST + 1, "prontera")))
                .hasMessage("maps: 2001 (expected: at most 2000)");
        assertThatThrownBy(() -> MapList.of(List.of("a_name_of_sixteen")))
                .hasMessage("map: 17 characters (expected: at most 15)");
    }

    @Test
    void presenceHasTheCharacterFirst() {
        assertThat(Presence.online(0x11, 0x22).packet()).isEqualTo(hex("192b 22000000 11000000"));
        Presence offline = Presence.offline(0x11, 0x22);
        assertThat(offline.packet()).isEqualTo(hex("172b 22000000 11000000"));
        assertThat(offline.isOnline()).isFalse();
        assertThat(new Presence(offline.packet()).accountId()).isEqualTo(0x11);
    }

    @Test
    void smallAnswers() {
        assertThat(Kick.of(0x11, Kick.OTHER_LOGIN).packet()).isEqualTo(hex("1f2b 11000000 02"));
        assertThat(CharSelectAnswer.of(0x11, true).packet()).isEqualTo(hex("032b 11000000 01"));
        assertThat(CharSelectRequest.of(0x11, 1, 2, 0x7f000001).packet())
                .isEqualTo(hex("022b 11000000 01000000 02000000 7f000001"));
        assertThat(LoginAnswer.refuse().packet()).isEqualTo(hex("f92a 03"));
        assertThat(LoginAnswer.refuse().accepted()).isFalse();
        AuthRequest request = AuthRequest.of(0x11, 0x22, 0x33, 1, 0x7f000001);
        assertThat(AuthRefused.of(request).packet()).isEqualTo(hex("272b 11000000 22000000 33000000 01 7f000001"));
        assertThat(SaveAck.of(0x11, 0x22).packet()).isEqualTo(hex("212b 11000000 22000000"));
        assertThat(Acks.quests(0x22, false).bytes())
                .isEqualTo(hex("6138 22000000 00").bytes());
        assertThat(Acks.pet(0x11, true)).isEqualTo(hex("8238 11000000 01"));
        assertThat(Acks.homunculus(0x11, true)).isEqualTo(hex("9238 11000000 01"));
        assertThat(GuildStorageSaved.of(0x11, 0x22, false).packet()).isEqualTo(hex("1938 11000000 22000000 01"));
        assertThat(CharName.requested(CharName.request(0x22))).isEqualTo(0x22);
        assertThat(CharName.of(0x22, "x").name()).isEqualTo("x");
        Banned banned = new Banned(hex("142b 22000000 02 01000000"));
        assertThat(banned.ofCharacter()).isTrue();
        assertThat(banned.id()).isEqualTo(0x22);
        assertThat(banned.value()).isEqualTo(1);
    }

    @Test
    void whispersGoRound() {
        Whisper whisper = Whisper.of("From", "To", "hello");
        WhisperDelivery delivery = WhisperDelivery.of(7, whisper);
        assertThat(delivery.sender()).isEqualTo("From");
        assertThat(delivery.target()).isEqualTo("To");
        assertThat(delivery.text()).isEqualTo("hello");
        assertThat(delivery.packet().length()).isEqualTo(66);
        Packet answer = delivery.answer(WhisperDelivery.NOT_HERE);
        assertThat(answer).isEqualTo(hex("0230 07000000 01"));
        assertThat(WhisperDelivery.answered(answer)).isEqualTo(7);
        assertThat(WhisperDelivery.result(answer)).isEqualTo(WhisperDelivery.NOT_HERE);
        assertThat(WhisperResult.of("From", WhisperDelivery.NOT_HERE).packet().u8(26))
                .isEqualTo(1);
    }

    @Test
    void chatIsDeliveredAsItCame() {
        GroupMessage line = GroupMessage.of(GroupMessage.Kind.PARTY, 5, 0x11, "One : hi");
        assertThat(line.packet()).isEqualTo(hex("2730 1500 05000000 11000000 4f6e65203a20686900"));
        GroupMessage delivery = line.delivery();
        assertThat(delivery.packet()).isEqualTo(hex("2738 1500 05000000 11000000 4f6e65203a20686900"));
        assertThat(delivery.isDelivery()).isTrue();
        assertThat(line.isDelivery()).isFalse();
        for (GroupMessage.Kind kind : GroupMessage.Kind.values()) {
            GroupMessage message = GroupMessage.of(kind, 5, 0x11, "x").delivery();
            assertThat(message.kind()).isEqualTo(kind);
            assertThat(message.groupId()).isEqualTo(5);
            assertThat(message.senderId()).isEqualTo(0x11);
            assertThat(message.text()).isEqualTo("x");
        }
        assertThat(Broadcasts.delivery(Packet.variable(0x3000, 20)).id()).isEqualTo(0x3800);
        assertThat(Broadcasts.delivery(Packet.variable(0x3009, 35)).id()).isEqualTo(0x3809);
        assertThatThrownBy(() -> Broadcasts.delivery(line.packet())).hasMessageContaining("3027/21");
        assertThatThrownBy(() -> new GroupMessage(KeepAlive.request())).hasMessageContaining("2b23");
    }

    @Test
    void partyMembersMoveAndComeAndGo() {
        PartyMemberMove move = PartyMemberMove.of(5, 0x11, 0x22, true, 99, "prontera");
        assertThat(move.packet())
                .isEqualTo(hex("2530 05000000 11000000 22000000 01 6300 70726f6e746572610000000000000000"));
        assertThat(move.delivery().id()).isEqualTo(CharToMap.PARTY_MEMBER_MOVED);

        MembershipChange joined = new MembershipChange(hex("2238 05000000 11000000 22000000 00"));
        assertThat(joined.ofParty() && joined.joined() && !joined.left()).isTrue();
        assertThat(joined.groupId()).isEqualTo(5);
        assertThat(joined.accountId()).isEqualTo(0x11);
        assertThat(joined.charId()).isEqualTo(0x22);
        MembershipChange refused = new MembershipChange(hex("3238 05000000 11000000 22000000 01"));
        assertThat(refused.ofParty() || refused.joined() || refused.left()).isFalse();
        MembershipChange left = new MembershipChange(
                Packet.fixed(CharToMap.GUILD_MEMBER_LEFT, 79).u32(2, 6));
        assertThat(left.left()).isTrue();
        assertThat(left.groupId()).isEqualTo(6);
        assertThatThrownBy(() -> new MembershipChange(KeepAlive.request())).hasMessageContaining("2b23");
    }

    @Test
    void partiesHaveMembersOrAreNone() {
        Packet none = hex("2138 0c00 22000000 05000000");
        assertThat(new PartyInfo(none).party(BUILD)).isEmpty();
        assertThat(new PartyInfo(none).partyId()).isEqualTo(5);

        Packet packet = Packet.variable(CharToMap.PARTY, 8 + BUILD.party().size())
                .u32(8, 5)
                .text(12, 24, "Us");
        int second = BUILD.party().array("member").base(8, 1);
        packet.u32(second, 0x11).u32(second + 4, 0x22).text(second + 8, 24, "One");
        Party party = new PartyInfo(packet).party(BUILD).orElseThrow();
        assertThat(party.partyId()).isEqualTo(5);
        assertThat(party.name()).isEqualTo("Us");
        assertThat(party.members()).containsExactly(new Party.Member(0x11, 0x22, "One", "", 0));
        Packet other = Packet.variable(CharToMap.PARTY, 100);
        assertThatThrownBy(() -> new PartyInfo(other).party(BUILD)).isInstanceOf(FramingException.class);
    }

    @Test
    void timeThatPassesIsTakenOffStatusChanges() {
        StatusChanges.Change potion = new StatusChanges.Change(55, 1, 2, 3, 4, 5_825);
        StatusChanges.Change ending = new StatusChanges.Change(56, 0, 0, 0, 0, 1_000);
        StatusChanges.Change endless = new StatusChanges.Change(57, -1, 0, 0, 0, -1);
        StatusChanges saved = StatusChanges.saved(1, 2, List.of(potion, ending, endless), BUILD);
        assertThat(saved.packet().length()).isEqualTo(14 + 3 * 48);
        assertThat(saved.packet().u16(12)).isEqualTo(3);

        StatusChanges later = saved.loadedAfter(Duration.ofSeconds(1));

        assertThat(later.packet().id()).isEqualTo(CharToMap.STATUS_CHANGES);
        assertThat(later.accountId()).isEqualTo(1);
        assertThat(later.charId()).isEqualTo(2);
        assertThat(later.changes()).containsExactly(new StatusChanges.Change(55, 1, 2, 3, 4, 4_825), endless);
        assertThat(saved.changes()).containsExactly(potion, ending, endless);
    }

    @Test
    void timeThatPassesIsTakenOffCooldownsAndBonuses() {
        Cooldowns cooldowns = Cooldowns.saved(
                1, 2, List.of(new Cooldowns.Cooldown(10, 500), new Cooldowns.Cooldown(11, 2_000)), BUILD);
        assertThat(cooldowns.packet().length()).isEqualTo(14 + 2 * 16);
        Cooldowns later = cooldowns.loadedAfter(Duration.ofSeconds(1));
        assertThat(later.packet().id()).isEqualTo(CharToMap.COOLDOWNS);
        assertThat(later.accountId()).isEqualTo(1);
        assertThat(later.charId()).isEqualTo(2);
        assertThat(later.cooldowns()).containsExactly(new Cooldowns.Cooldown(11, 1_000));
        assertThat(Cooldowns.loaded(1, 2, later.cooldowns(), BUILD)).isEqualTo(later);

        BonusScripts.Bonus bonus = new BonusScripts.Bonus("bonus bStr,1;", 2_000, 3, -1, 1);
        BonusScripts scripts = BonusScripts.saved(2, List.of(bonus), BUILD);
        assertThat(scripts.packet().length()).isEqualTo(9 + 528);
        BonusScripts older = scripts.loadedAfter(Duration.ofSeconds(1));
        assertThat(older.packet().id()).isEqualTo(CharToMap.BONUS_SCRIPTS);
        assertThat(older.charId()).isEqualTo(2);
        assertThat(older.bonuses()).containsExactly(new BonusScripts.Bonus("bonus bStr,1;", 1_000, 3, -1, 1));
        assertThat(scripts.loadedAfter(Duration.ofSeconds(2)).bonuses()).isEmpty();
    }

    @Test
    void countsThatLieAreRefused() {
        Packet lying = StatusChanges.saved(1, 2, List.of(), BUILD).packet().u16(12, 1);
        assertThatThrownBy(() -> new StatusChanges(lying, BUILD))
                .isInstanceOf(FramingException.class)
                .hasMessage("2b1c/14, count 1 (expected: entries of 48 from 14)");
        Packet users =
                OnlineUsers.of(List.of(new OnlineUsers.Player(1, 2))).packet().u16(4, 2);
        assertThatThrownBy(() -> new OnlineUsers(users)).isInstanceOf(FramingException.class);
    }

    @Test
    void structuresOfAnotherBuildAreRefused() {
        BuildLayout older = BuildLayout.shipped(BuildLayout.LINUX_BEFORE_20190522);
        SaveCharacter save = SaveCharacter.of(1, 2, false, new byte[8856]);
        assertThatThrownBy(() -> save.status(older)).isInstanceOf(FramingException.class);
        assertThat(InterPackets.refusal(save.packet(), older))
                .hasValue("mmo_charstatus of packet 2b01: 8856 bytes (expected: 8552 as in layout"
                        + " linux-x86_64-before-20190522; for another build run"
                        + " deploy/rathena/layout/make-layout RATHENA_DIR)");
        assertThat(InterPackets.refusal(save.packet(), BUILD)).isEmpty();
        assertThat(InterPackets.refusal(KeepAlive.request(), older)).isEmpty();
        // A Windows map-server: long has 4 bytes there.
        Packet windows = Packet.variable(MapToChar.SAVE_STATUS_CHANGES, 14 + 32).u16(12, 1);
        assertThat(InterPackets.refusal(windows, BUILD).orElseThrow())
                .startsWith("status_change_data of packet 2b1c: 32 bytes (expected: a multiple of 48");
        // No structure at all is an answer.
        assertThat(InterPackets.refusal(Packet.variable(CharToMap.GUILD_STORAGE, 12), BUILD))
                .isEmpty();
    }

    @Test
    void savesWithoutItemsAreRefused() {
        Packet empty = Packet.variable(MapToChar.SAVE_ITEMS, 13);
        assertThat(new SaveItems(empty).kind()).isNull();
        assertThatThrownBy(() -> new SaveItems(empty).storage(BUILD)).isInstanceOf(FramingException.class);
        assertThatThrownBy(() -> new SaveItems(Packet.variable(MapToChar.SAVE_ITEMS, 12)))
                .isInstanceOf(FramingException.class);
    }

    private static Packet hex(String hex) {
        return Packet.of(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    /** As an unchanged map-server reads it: {@code sizeof(auction_data)} behind a header of four bytes. */
    @Test
    void orderToSaveNamesTheCharacter() {
        BuildLayout build = BuildLayout.shipped(BuildLayout.LINUX_20200401);
        SaveOrder order = SaveOrder.of(150_001, build);
        assertThat(order.packet().id()).isEqualTo(0x3851);
        assertThat(order.packet().length()).isEqualTo(4 + 216);
        assertThat(order.packet().i32(4)).as("taken").isPositive();
        assertThat(order.packet().i32(8)).isEqualTo(150_001);
        assertThat(order.charId(build)).isEqualTo(150_001);
    }
}
