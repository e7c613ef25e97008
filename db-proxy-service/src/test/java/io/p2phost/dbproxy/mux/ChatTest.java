package io.p2phost.dbproxy.mux;

import static io.p2phost.dbproxy.mux.MuxUnderTest.CAVE;
import static io.p2phost.dbproxy.mux.MuxUnderTest.FIELD;
import static io.p2phost.dbproxy.mux.MuxUnderTest.player;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.dbproxy.mux.MuxUnderTest.Cell;
import io.p2phost.dbproxy.mux.MuxUnderTest.Player;
import io.p2phost.dbproxy.mux.Outside.Slot;
import io.p2phost.ro.Packet;
import io.p2phost.ro.inter.CharToMap;
import io.p2phost.ro.inter.MapToChar;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Words between players on different servers behind one link. */
class ChatTest {
    private static final int PARTY = 5;

    private final MuxUnderTest suite = new MuxUnderTest();
    private final Player here = player(1);
    private final Player there = player(2);
    private Cell field;
    private Cell cave;

    @BeforeEach
    void play() {
        suite.up();
        field = suite.cell(FIELD, 1);
        cave = suite.cell(CAVE, 1);
        suite.plays(here, FIELD, field);
        suite.plays(there, CAVE, cave);
        field.line().sent.clear();
    }

    private void joins(Player player) {
        suite.mux.fromUpstream(
                Slot.MULTIPLEXER,
                Packet.fixed(CharToMap.PARTY_MEMBER_ADDED, 15)
                        .u32(2, PARTY)
                        .u32(6, player.account())
                        .u32(10, player.character()));
    }

    private Packet line(int party) {
        return Packet.variable(MapToChar.PARTY_MESSAGE, 16)
                .u32(4, party)
                .u32(8, here.account())
                .text(12, 4, "hi");
    }

    @Test
    void partyLineReachesTheMembersOnOtherServersOnce() {
        joins(here);
        joins(there);
        field.line().sent.clear();
        cave.line().sent.clear();

        suite.from(field, line(PARTY));

        assertThat(cave.line().ids()).containsExactly("3827");
        assertThat(cave.line().sent.getFirst().slice(2, 14))
                .isEqualTo(line(PARTY).slice(2, 14));
        assertThat(field.line().sent).as("no echo").isEmpty();
        assertThat(suite.upstream.ids()).contains("3027");
    }

    @Test
    void partyLineIsNotShownToServersWithoutAMember() {
        joins(here);
        cave.line().sent.clear();

        suite.from(field, line(PARTY));

        assertThat(cave.line().sent).isEmpty();
    }

    @Test
    void lineForAPartyHeDoesNotBelongToIsRefused() {
        suite.from(field, line(PARTY));

        assertThat(suite.upstream.ids()).doesNotContain("3027");
        assertThat(suite.violations).hasSize(1);
    }

    @Test
    void whisperIsAskedWhereTheReceiverPlaysAndAnsweredOnce() {
        suite.mux.fromUpstream(Slot.MULTIPLEXER, whisper(9, there.name()));
        assertThat(cave.line().ids()).containsExactly("3801");
        assertThat(field.line().sent).isEmpty();

        suite.from(field, answer(9));
        suite.from(cave, answer(9));
        suite.from(cave, answer(9));

        assertThat(suite.upstream.ids()).containsExactly("3002");
    }

    @Test
    void whisperForSomebodyElsewhereIsAnsweredAtOnce() {
        suite.mux.fromUpstream(Slot.MULTIPLEXER, whisper(9, "nobody"));

        assertThat(suite.upstream.last(MapToChar.WHISPER_ANSWER).u8(6)).isEqualTo(1);
        assertThat(cave.line().sent).isEmpty();
    }

    @Test
    void whisperThatAHostDoesNotAnswerEndsAfterThreeSeconds() {
        suite.mux.fromUpstream(Slot.MULTIPLEXER, whisper(9, there.name()));
        suite.pass(Duration.ofSeconds(3));

        assertThat(suite.upstream.last(MapToChar.WHISPER_ANSWER).i32(2)).isEqualTo(9);
        suite.upstream.sent.clear();
        suite.from(cave, answer(9));
        assertThat(suite.upstream.sent).isEmpty();
    }

    @Test
    void whispersBeyondTheBoundAreAnsweredNotHere() {
        for (int i = 0; i <= Chat.MAX_WHISPERS; i++) {
            suite.mux.fromUpstream(Slot.MULTIPLEXER, whisper(i, there.name()));
        }

        assertThat(suite.upstream.ids()).containsExactly("3002");
    }

    @Test
    void hostCannotWhisperAsSomebodyElse() {
        suite.from(
                field,
                Packet.variable(MapToChar.WHISPER, 60).text(8, 24, there.name()).text(32, 24, here.name()));

        assertThat(suite.upstream.sent).isEmpty();
        assertThat(suite.violations).hasSize(1);
    }

    private static Packet whisper(int id, String to) {
        return Packet.variable(CharToMap.WHISPER, 64)
                .u32(4, id)
                .text(12, 24, "somebody")
                .text(36, 24, to);
    }

    private static Packet answer(int id) {
        return Packet.fixed(MapToChar.WHISPER_ANSWER, 7).u32(2, id);
    }
}
