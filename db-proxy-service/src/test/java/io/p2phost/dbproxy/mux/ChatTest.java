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
import io.p2phost.ro.layout.StructArray;
import io.p2phost.ro.layout.StructLayout;
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

    /** A stock char-server tells the list of a new party before it says that the party was made. */
    @Test
    void listOfANewPartyReachesItsMaker() {
        StructLayout party = MuxUnderTest.LAYOUT.party();
        Packet list = Packet.variable(CharToMap.PARTY, 8 + party.size());
        party.field("party_id").set(list, 8, PARTY);
        StructArray members = party.array("member");
        members.of().field("account_id").set(list, members.base(8, 0), here.account());
        members.of().field("char_id").set(list, members.base(8, 0), here.character());
        field.line().sent.clear();
        cave.line().sent.clear();

        suite.mux.fromUpstream(Slot.MULTIPLEXER, list);

        assertThat(field.line().ids()).containsExactly("3821");
        assertThat(cave.line().sent).as("nobody of it is there").isEmpty();
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
    void hostThatAnswersNoWhispersUsesUpItsOwnShareOnly() {
        for (int i = 0; i < Chat.OF_A_HOST; i++) {
            suite.mux.fromUpstream(Slot.MULTIPLEXER, whisper(i, there.name()));
        }
        assertThat(suite.upstream.sent).isEmpty();
        assertThat(cave.line().take()).hasSize(Chat.OF_A_HOST);
        suite.mux.fromUpstream(Slot.MULTIPLEXER, whisper(100, there.name()));
        assertThat(suite.upstream.take()).as("not here").containsExactly("3002");
        assertThat(cave.line().sent).isEmpty();

        suite.mux.fromUpstream(Slot.MULTIPLEXER, whisper(101, here.name()));
        assertThat(field.line().ids()).as("others are heard").containsExactly("3801");
        suite.from(cave, answer(0));
        suite.mux.fromUpstream(Slot.MULTIPLEXER, whisper(102, there.name()));
        assertThat(cave.line().ids()).as("and it, when it answers").containsExactly("3801");
    }

    // ---- names ----

    private static Packet asks(int character) {
        return Packet.fixed(MapToChar.CHAR_NAME_REQUEST, 6).u32(2, character);
    }

    private void named(int character) {
        suite.mux.fromUpstream(
                Slot.MULTIPLEXER,
                Packet.fixed(CharToMap.CHAR_NAME, 30).u32(2, character).text(6, 24, "x"));
    }

    @Test
    void nameIsAskedOnceAndToldToEachWhoAsked() {
        suite.from(field, asks(7));
        suite.from(cave, asks(7));
        assertThat(suite.upstream.take()).containsExactly("2b08");

        named(7);
        named(7);
        assertThat(field.line().ids()).containsExactly("2b09");
        assertThat(cave.line().ids()).containsExactly("2b09");
    }

    @Test
    void hostThatAsksForAllNamesUsesUpItsOwnShareOnly() {
        for (int i = 0; i <= Names.OF_A_HOST; i++) {
            suite.from(field, asks(100 + i));
        }
        assertThat(suite.upstream.take()).hasSize(Names.OF_A_HOST);
        suite.from(cave, asks(900));
        assertThat(suite.upstream.take()).containsExactly("2b08");

        suite.pass(Duration.ofSeconds(10));
        suite.upstream.take();
        suite.from(field, asks(100 + Names.OF_A_HOST));
        assertThat(suite.upstream.take()).as("the next interval").containsExactly("2b08");
    }

    @Test
    void nameThatWasAskedOfALostCharServerIsAskedAgain() {
        suite.from(field, asks(7));
        suite.charServerDies();
        suite.from(field, asks(8));
        suite.pass(Duration.ofMillis(200));
        suite.login();
        suite.upstream.take();

        suite.from(field, asks(7));
        suite.from(field, asks(8));
        assertThat(suite.upstream.take()).containsExactly("2b08", "2b08");
    }

    // ---- joining ----

    @Test
    void playerWhoMayNotJoinIsToldSoThatHeMayTryAgain() {
        Packet party = Packet.variable(MapToChar.ADD_PARTY_MEMBER, 8 + 56)
                .u32(4, PARTY)
                .u32(8, here.account())
                .u32(12, here.character());
        suite.from(field, party);
        Packet guild = Packet.variable(MapToChar.ADD_GUILD_MEMBER, 64)
                .u32(4, 6)
                .u32(8, here.account())
                .u32(12, here.character());
        suite.from(field, guild);

        assertThat(suite.upstream.sent).isEmpty();
        assertThat(field.line().ids()).containsExactly("3822", "3832");
        for (Packet no : field.line().sent) {
            assertThat(no.i32(2)).as("group").isIn(PARTY, 6);
            assertThat(no.i32(6)).isEqualTo(here.account());
            assertThat(no.i32(10)).isEqualTo(here.character());
            assertThat(no.u8(14)).as("failed").isEqualTo(1);
        }
        assertThat(suite.violations).hasSize(2);
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
