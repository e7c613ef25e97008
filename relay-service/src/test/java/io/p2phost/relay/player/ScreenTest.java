package io.p2phost.relay.player;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.ro.Packet;
import io.p2phost.ro.client.ClientToMap;
import io.p2phost.ro.client.MapToClient;
import io.p2phost.ro.client.Say;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ScreenTest {
    /** Trade, storage, chat room, dialog, progress bar, icons, appearance. */
    static final List<Integer> CLOSED_IN_ORDER =
            List.of(0x00ee, 0x00f8, 0x00dd, 0x00b6, 0x02f2, 0x0196, 0x0196, 0x0229);

    private static final int ACCOUNT = 2_000_001;
    private static final int OTHER = 2_000_002;
    private static final int NPC = 110_000_001;
    private static final int SLEEPING = 12;
    private static final int BLESSING = 10;

    private final Screen screen = new Screen(ACCOUNT);

    /** What puts everything that there is on a player's screen. */
    static List<Packet> everything(int account) {
        return List.of(
                appearance(account, 4),
                icon(account, SLEEPING, true),
                Packet.fixed(0x0983, 29).u16(2, BLESSING).u32(4, account).u8(8, 1),
                Packet.fixed(0x02f0, 10),
                dialog(NPC),
                Packet.fixed(0x00d6, 3),
                Packet.fixed(0x00f2, 6),
                trade(3));
    }

    private static Packet trade(int result) {
        return Packet.fixed(0x01f5, 9).u8(2, result);
    }

    private static Packet icon(int unit, int type, boolean on) {
        return Packet.fixed(0x0196, 9).u16(2, type).u32(4, unit).u8(8, on ? 1 : 0);
    }

    private static Packet appearance(int unit, int option) {
        return Packet.fixed(0x0229, 15).u32(2, unit).u32(10, option);
    }

    private static Packet dialog(int npc) {
        return Packet.variable(0x00b4, 12).u32(4, npc);
    }

    @BeforeEach
    void nameIsKnown() {
        screen.done(Say.of("Alice", "hello").packet());
    }

    private List<Integer> cleared() {
        return screen.clear().stream().map(Packet::id).toList();
    }

    @Test
    void everythingIsClosedOnceInOrder() {
        everything(ACCOUNT).forEach(screen::shown);
        List<Packet> closing = screen.clear();
        assertThat(closing).extracting(Packet::id).containsExactlyElementsOf(CLOSED_IN_ORDER);
        assertThat(closing.get(2).text(4, 24)).isEqualTo("Alice");
        assertThat(closing.get(3).i32(2)).isEqualTo(NPC);
        assertThat(closing.subList(5, 7))
                .as("off, his own")
                .allSatisfy(icon -> assertThat(List.of(icon.i32(4), icon.u8(8))).containsExactly(ACCOUNT, 0))
                .extracting(icon -> icon.u16(2))
                .containsExactly(BLESSING, SLEEPING);
        assertThat(closing.getLast().i32(2)).isEqualTo(ACCOUNT);
        assertThat(closing.getLast().i32(10)).isZero();
        assertThat(cleared()).isEmpty();
    }

    @Test
    void nothingShownNothingClosed() {
        assertThat(cleared()).isEmpty();
    }

    @Test
    void whatIsOthersIsNotHis() {
        screen.shown(icon(OTHER, SLEEPING, true));
        screen.shown(appearance(OTHER, 4));
        screen.shown(trade(4));
        screen.shown(Packet.fixed(0x00d6, 3).u8(2, 1));
        assertThat(cleared()).isEmpty();
    }

    static Stream<Arguments> ends() {
        return Stream.of(
                Arguments.of(trade(3), Packet.fixed(0x00f0, 3)),
                Arguments.of(trade(3), Packet.fixed(MapToClient.TRADE_CANCELLED, 2)),
                Arguments.of(Packet.fixed(0x00f2, 6), Packet.fixed(MapToClient.STORAGE_CLOSED, 2)),
                Arguments.of(
                        Packet.variable(0x00db, 36),
                        Packet.fixed(MapToClient.CHAT_ROOM_LEFT, 29).text(4, 24, "Alice")),
                Arguments.of(Packet.fixed(0x02f0, 10), Packet.fixed(MapToClient.PROGRESS_END, 2)),
                Arguments.of(icon(ACCOUNT, SLEEPING, true), icon(ACCOUNT, SLEEPING, false)),
                Arguments.of(appearance(ACCOUNT, 4), appearance(ACCOUNT, 0)));
    }

    @ParameterizedTest
    @MethodSource("ends")
    void whatTheServerClosedItselfIsNotClosedAgain(Packet shown, Packet ended) {
        screen.shown(shown);
        screen.shown(ended);
        assertThat(cleared()).isEmpty();
        screen.shown(shown);
        assertThat(cleared()).as("else it is").hasSize(1);
    }

    @Test
    void anotherWhoLeavesTheRoomLeavesHimThere() {
        screen.shown(Packet.fixed(0x00d6, 3));
        screen.shown(Packet.fixed(MapToClient.CHAT_ROOM_LEFT, 29).text(4, 24, "Bob"));
        assertThat(cleared()).containsExactly(MapToClient.CHAT_ROOM_LEFT);
    }

    @Test
    void dialogThatThePlayerClosedIsClosed() {
        screen.shown(dialog(NPC));
        screen.done(Packet.fixed(0x0146, 6).u32(2, NPC));
        assertThat(cleared()).isEmpty();
    }

    @Test
    void whoseNameIsNotKnownKeepsHisRoom() {
        Screen nameless = new Screen(ACCOUNT);
        nameless.done(Packet.fixed(ClientToMap.WALK_REQUEST, 5));
        nameless.shown(Packet.fixed(0x00d6, 3));
        assertThat(nameless.clear()).isEmpty();
    }

    @Test
    void iconsAreBounded() {
        for (int type = 0; type < 3_000; type++) {
            screen.shown(icon(ACCOUNT, type, true));
        }
        assertThat(cleared()).hasSize(2_000);
    }

    @Test
    void anotherProcessGoesOnFromItsImage() {
        everything(ACCOUNT).forEach(screen::shown);
        Screen next = new Screen(ACCOUNT);
        next.goOnFrom(screen.image());
        assertThat(next.clear()).extracting(Packet::id).containsExactlyElementsOf(CLOSED_IN_ORDER);
    }
}
