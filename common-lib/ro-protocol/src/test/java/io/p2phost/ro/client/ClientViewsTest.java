package io.p2phost.ro.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.p2phost.ro.FramingException;
import io.p2phost.ro.Packet;
import io.p2phost.ro.testing.Capture;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is known to have happened in the recorded sessions is what the views read, and what they write back. */
class ClientViewsTest {
    private static final Capture TO_MAP = new Capture("full/client_map1_c2s");
    private static final Capture TO_CLIENT = new Capture("full/client_map1_s2c");
    private static final Capture WALKING = new Capture("reannounce/client_map1_c2s");
    private static final Capture MOVED = new Capture("reannounce/client_map1_s2c");
    private static final Capture SPLICED = new Capture("splice/client_map1_s2c");
    private static final int GM = 2_000_008;

    @Test
    void clientEnters() {
        Enter enter = new Enter(first(TO_MAP, ClientToMap.ENTER));
        assertThat(enter.accountId()).isEqualTo(GM);
        assertThat(enter.charId()).isEqualTo(150_008);
        assertThat(enter.loginId1()).isEqualTo(0x3b25f3c3);
        assertThat(enter.sex()).isEqualTo(1);
        assertThat(Enter.of(GM, 150_008, 0x3b25f3c3, enter.tick(), 1)).isEqualTo(enter);

        assertThat(new EnterSeen(first(TO_CLIENT, MapToClient.ENTER_SEEN))).isEqualTo(EnterSeen.of(GM));
        EnterAccepted accepted = new EnterAccepted(first(TO_CLIENT, MapToClient.ENTER_ACCEPTED));
        assertThat(accepted.cell()).isEqualTo(new Cell(170, 375, 0));
        assertThat(EnterAccepted.of(accepted.tick(), accepted.cell())).isEqualTo(accepted);
    }

    @Test
    void clientOfAnotherVersionEnters() {
        Packet packet = Packet.fixed(ClientToMap.ENTER, Enter.LONG_LENGTH)
                .u32(2, GM)
                .u32(18, 7)
                .u8(22, 1);
        Enter enter = new Enter(packet);
        assertThat(enter.accountId()).isEqualTo(GM);
        assertThat(enter.sex()).isEqualTo(1);
        assertThat(enter.loginId1(9).packet().slice(18, 5))
                .as("what nobody reads stays as it is")
                .containsExactly(7, 0, 0, 0, 1);
        assertThatThrownBy(() -> new Enter(Packet.fixed(ClientToMap.ENTER, 20)))
                .isInstanceOf(FramingException.class)
                .hasMessageContaining("expected: 0436, 19 or 23 bytes");

        Packet accepted = Packet.fixed(EnterAccepted.ID_2014, 14).u32(2, 5);
        new Cell(170, 375, 0).write(accepted, 6);
        assertThat(new EnterAccepted(accepted).tick()).isEqualTo(5);
        assertThat(new EnterAccepted(accepted).cell()).isEqualTo(new Cell(170, 375, 0));
        assertThatThrownBy(() -> new EnterAccepted(Packet.fixed(EnterAccepted.ID_2014, 13)))
                .isInstanceOf(FramingException.class);
    }

    @Test
    void clientWalks() {
        assertThat(WALKING.packets(ClientToMap.WALK_REQUEST).stream().map(packet -> new WalkRequest(packet).target()))
                .containsExactly(
                        new Cell(167, 375, 0), new Cell(173, 375, 0), new Cell(170, 371, 0), new Cell(167, 371, 0));
        OwnWalk walk = new OwnWalk(first(MOVED, MapToClient.OWN_WALK));
        assertThat(walk.from()).isEqualTo(new Cell(170, 375, 0));
        assertThat(walk.to()).isEqualTo(new Cell(170, 371, 0));
        for (Packet packet : MOVED.packets(MapToClient.OWN_WALK)) {
            OwnWalk view = new OwnWalk(packet);
            assertThat(OwnWalk.of(view.tick(), view.from(), view.to()).packet()).isEqualTo(packet);
        }
        for (Packet packet : WALKING.packets(ClientToMap.WALK_REQUEST)) {
            Cell target = new WalkRequest(packet).target();
            assertThat(WalkRequest.of(target.x(), target.y()).packet()).isEqualTo(packet);
        }
    }

    @Test
    void clientIsSentElsewhere() {
        ServerMove move = new ServerMove(first(MOVED, MapToClient.SERVER_MOVE));
        assertThat(move.map()).isEqualTo("prt_fild08.gat");
        assertThat(move.x()).isEqualTo(170);
        assertThat(move.y()).isEqualTo(371);
        assertThat(move.ip()).isEqualTo(0x7f000001);
        assertThat(move.port()).isEqualTo(5121);
        assertThat(move.domain()).isEmpty();
        assertThat(ServerMove.of("prt_fild08.gat", 170, 371, 0x7f000001, 5121)).isEqualTo(move);
        ServerMove old = ServerMove.ofOldClient("prt_fild08.gat", 170, 371, 0x7f000001, 5121);
        assertThat(old.packet().length()).isEqualTo(28);
        assertThat(old.packet().slice(2, 26)).isEqualTo(move.packet().slice(2, 26));
        assertThat(old.domain()).isEmpty();
        assertThat(old.address(1, 2).port()).isEqualTo(2);

        MapChange change = new MapChange(SPLICED.packets(MapToClient.MAP_CHANGE).get(1));
        assertThat(change).isEqualTo(MapChange.of("prt_fild08.gat", 170, 371));
        assertThat(change.map()).isEqualTo("prt_fild08.gat");
        assertThat(change.x() + change.y()).isEqualTo(170 + 371);
        ServerTime time = new ServerTime(first(SPLICED, MapToClient.TIME));
        assertThat(ServerTime.of(time.tick())).isEqualTo(time);
    }

    @Test
    void charServerSendsToAMapServer() {
        Packet packet = Packet.fixed(ClientPackets.ZONE_SERVER, 156).text(6, 16, "prontera.gat");
        ZoneServer zone = new ZoneServer(packet.u32(2, 150_001)).address(0x7f000002, 7000);
        assertThat(zone.charId()).isEqualTo(150_001);
        assertThat(zone.map()).isEqualTo("prontera.gat");
        assertThat(zone.ip()).isEqualTo(0x7f000002);
        assertThat(zone.port()).isEqualTo(7000);
        assertThat(zone.domain()).isEmpty();
        assertThat(packet.u16(26)).isEqualTo(7000);
        assertThat(new ZoneServer(Packet.fixed(ClientPackets.ZONE_SERVER_IP, 28)).domain())
                .isEmpty();
    }

    @Test
    void everyKillIsSeenWithoutTheSave() {
        assertThat(TO_CLIENT.packets(MapToClient.EXP_PARAMETER).stream()
                        .map(Parameter::new)
                        .filter(parameter -> parameter.kind() == Parameter.BASE_EXP))
                .extracting(Parameter::value)
                .containsExactly(0L, 0L, 2L, 4L, 6L);
        assertThat(TO_CLIENT.packets(MapToClient.EXP_GAIN).stream().map(ExpGain::new))
                .extracting(ExpGain::kind, ExpGain::amount)
                .startsWith(tuple(Parameter.BASE_EXP, 2L), tuple(Parameter.JOB_EXP, 1L))
                .hasSize(6);
        ExpGain gain = new ExpGain(first(TO_CLIENT, MapToClient.EXP_GAIN));
        assertThat(gain.accountId()).isEqualTo(GM);
        assertThat(gain.ofQuest()).isFalse();
        assertThat(TO_CLIENT.packets(MapToClient.VANISHED).stream().map(Vanished::new))
                .extracting(Vanished::kind)
                .containsExactly(
                        Vanished.DIED, Vanished.DIED, Vanished.DIED, Vanished.OUT_OF_SIGHT, Vanished.OUT_OF_SIGHT);
        assertThat(new Vanished(first(TO_CLIENT, MapToClient.VANISHED)).unitId())
                .isEqualTo(0x068e7a58);
        Parameter zeny = new Parameter(first(TO_CLIENT, MapToClient.LONG_PARAMETER));
        assertThat(zeny.kind()).isEqualTo(Parameter.ZENY);
        assertThat(zeny.value()).isEqualTo(1500);
        assertThat(TO_CLIENT.packets(MapToClient.PARAMETER).stream().map(Parameter::new))
                .anyMatch(parameter -> parameter.kind() == Parameter.BASE_LEVEL && parameter.value() == 41);
    }

    @Test
    void everyItemIsSeenWithoutTheSave() {
        assertThat(TO_CLIENT.packets(MapToClient.ITEM_GAIN).stream().map(ItemGain::new))
                .extracting(ItemGain::item, ItemGain::amount, ItemGain::taken)
                .containsExactly(
                        tuple(909, 1, true),
                        tuple(1202, 1, true),
                        tuple(909, 1, true),
                        tuple(909, 1, true),
                        tuple(501, 7, true));
        assertThat(new ItemGain(first(TO_CLIENT, MapToClient.ITEM_GAIN)).index())
                .isEqualTo(4);
        assertThat(TO_CLIENT.packets(MapToClient.FLOOR_ITEM).stream().map(FloorItem::new))
                .extracting(FloorItem::itemId, FloorItem::item, FloorItem::x, FloorItem::y, FloorItem::amount)
                .containsExactly(
                        tuple(3, 909, 169, 375, 1),
                        tuple(4, 1202, 170, 374, 1),
                        tuple(5, 909, 170, 373, 1),
                        tuple(6, 909, 172, 373, 1));
        assertThat(TO_MAP.packets(ClientToMap.PICK_UP).stream().map(packet -> new PickUp(packet).itemId()))
                .containsExactly(3, 4, 5, 6);
        assertThat(PickUp.of(3).packet()).isEqualTo(first(TO_MAP, ClientToMap.PICK_UP));
    }

    @Test
    void clientActsAndSpeaks() {
        Act act = new Act(first(TO_MAP, ClientToMap.ACT));
        assertThat(act.target()).isEqualTo(0x068e7a57);
        assertThat(act.action()).isEqualTo(Act.KEEP_HITTING);
        assertThat(Act.of(act.target(), Act.KEEP_HITTING)).isEqualTo(act);

        Say say = new Say(first(TO_MAP, ClientToMap.SAY));
        assertThat(say.text()).isEqualTo("Full Guy : @blvl 40");
        assertThat(say.words()).isEqualTo("@blvl 40");
        assertThat(Say.of("Full Guy", "@blvl 40")).isEqualTo(say);
        assertThat(new Say(Packet.variable(ClientToMap.SAY, 8)).words()).isEmpty();

        OwnLine line = new OwnLine(first(TO_CLIENT, MapToClient.OWN_LINE));
        assertThat(OwnLine.of(line.text())).isEqualTo(line);
        ColouredLine coloured = new ColouredLine(first(SPLICED, MapToClient.COLOURED_LINE));
        assertThat(coloured.text()).isEqualTo("P2P maps: 2");
        assertThat(coloured.colour()).isEqualTo(0xb5ffb5);
        assertThat(coloured.speaker()).isEqualTo(2_000_002);
        assertThat(ColouredLine.of(0xb5ffb5, "P2P maps: 2").text()).isEqualTo("P2P maps: 2");
    }

    @Test
    void packetsNoRecordingHas() {
        UseSkill skill = UseSkill.of(28, 3, 7);
        assertThat(List.of(skill.skill(), skill.level(), skill.target())).containsExactly(28, 3, 7);
        assertThat(skill.packet().u16(2)).isEqualTo(3);
        UseSkillOnGround ground = new UseSkillOnGround(Packet.fixed(ClientToMap.USE_SKILL_ON_GROUND, 10)
                .u16(2, 1)
                .u16(4, 2)
                .u16(6, 3)
                .u16(8, 4));
        assertThat(List.of(ground.level(), ground.skill(), ground.x(), ground.y()))
                .containsExactly(1, 2, 3, 4);
        assertThat(Refused.of(Refused.STILL_CONNECTED).reason()).isEqualTo(8);
        assertThat(Restart.of(Restart.CHARACTER_SELECT).kind()).isEqualTo(1);
        assertThat(RestartAnswer.of(1).packet().bytes()).containsExactly(0xb3, 0, 1);
        assertThat(TimeRequest.of(5).tick()).isEqualTo(5);
    }

    @Test
    void otherPacketsAreRefused() {
        Packet packet = Packet.fixed(0x0436, 20);
        assertThatThrownBy(() -> new Enter(packet))
                .isInstanceOf(FramingException.class)
                .hasMessage("0436/20 (expected: 0436, 19 or 23 bytes)");
        assertThatThrownBy(() -> new ServerMove(packet)).isInstanceOf(FramingException.class);
        assertThatThrownBy(() -> new Parameter(packet)).isInstanceOf(FramingException.class);
    }

    @Test
    void cellsThatDoNotFitAreRefused() {
        assertThatThrownBy(() -> new Cell(1024, 0, 0)).hasMessageContaining("expected: 0..1023");
        assertThatThrownBy(() -> new Cell(0, 0, 16)).hasMessageContaining("expected: 0..1023");
    }

    private static Packet first(Capture capture, int id) {
        return capture.packets(id).getFirst();
    }
}
