package io.p2phost.dbproxy.mux;

import static io.p2phost.dbproxy.mux.MuxUnderTest.FIELD;
import static io.p2phost.dbproxy.mux.MuxUnderTest.player;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.dbproxy.mux.MuxUnderTest.Cell;
import io.p2phost.dbproxy.mux.MuxUnderTest.Player;
import io.p2phost.ro.Packet;
import io.p2phost.ro.inter.CharToMap;
import io.p2phost.ro.inter.MapToChar;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a map-server has taken from a player for something that is refused, it gives back when it is told so. */
class RefusalsTest {
    private static final int MAIL = 900;

    private final MuxUnderTest suite = new MuxUnderTest().up();
    private final Player player = player(1);
    private Cell cell;

    @BeforeEach
    void play() {
        cell = suite.cell(FIELD, 1);
        suite.plays(player, FIELD, cell);
    }

    private Packet filled(int id, int length) {
        Packet packet = Packet.variable(id, length);
        for (int at = 4; at < length; at++) {
            packet.u8(at, at % 251);
        }
        return packet;
    }

    @Test
    void mailComesBackAsItWasWithTheNumberNought() {
        Packet mail = filled(MapToChar.SEND_MAIL, 8 + MAIL).u32(8, 77).u32(12, player.character());
        suite.from(cell, mail);
        Packet answer = cell.line().last(CharToMap.MAIL_SENT);
        assertThat(answer.length()).isEqualTo(4 + MAIL);
        assertThat(answer.slice(4, 4)).containsOnly(0);
        assertThat(answer.slice(8, MAIL - 4)).isEqualTo(mail.slice(12, MAIL - 4));
        assertThat(suite.upstream.ids()).doesNotContain("304d");
    }

    @Test
    void soDoesWhatIsPutUpForAuction() {
        Packet auction = filled(MapToChar.REGISTER_AUCTION, 300).u32(8, player.character());
        suite.from(cell, auction);
        Packet answer = cell.line().last(CharToMap.AUCTION_REGISTERED);
        assertThat(answer.length()).isEqualTo(300);
        assertThat(answer.slice(4, 4)).containsOnly(0);
        assertThat(answer.slice(8, 292)).isEqualTo(auction.slice(8, 292));
    }

    @Test
    void soDoesABid() {
        suite.from(
                cell,
                Packet.variable(MapToChar.BID, 40)
                        .u32(4, player.character())
                        .u32(8, 5)
                        .u32(12, 1_234));
        assertThat(cell.line().last(CharToMap.AUCTION_BID).bytes())
                .isEqualTo(Packet.fixed(CharToMap.AUCTION_BID, 11)
                        .u32(2, player.character())
                        .u32(6, 1_234)
                        .bytes());
    }

    @ParameterizedTest
    @CsvSource({"304d,4", "304d,9", "304d,60", "3051,4", "3051,7", "3055,4", "3055,15"})
    void tooShortOnesAreNotAnswered(String id, int length) {
        cell.line().sent.clear();
        suite.from(cell, Packet.variable(Integer.parseInt(id, 16), length));
        assertThat(cell.line().sent).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"304d,12", "3051,8", "3055,4"})
    void norIsWhatNamesSomebodyElse(String id, int character) {
        cell.line().sent.clear();
        suite.from(
                cell,
                filled(Integer.parseInt(id, 16), 400).u32(character, player(2).character()));
        assertThat(cell.line().sent).isEmpty();
    }
}
