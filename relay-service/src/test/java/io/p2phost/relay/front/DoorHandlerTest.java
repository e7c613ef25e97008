package io.p2phost.relay.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.embedded.EmbeddedChannel;
import io.p2phost.links.DropReason;
import io.p2phost.links.net.AddressLimits;
import io.p2phost.links.net.AddressLimits.Share;
import io.p2phost.links.net.Networks;
import io.p2phost.links.testing.EmbeddedSocket;
import io.p2phost.links.testing.LeakGuard;
import io.p2phost.links.testing.RecordingMetrics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a listening channel accepts is read by its pipeline. */
@ExtendWith(LeakGuard.class)
class DoorHandlerTest {
    private final RecordingMetrics metrics = new RecordingMetrics();
    private final Door door = new Door(
            new Door.Rules(
                    new AddressLimits.Rules(10, new Share(2, 100, 100), new Share(10, 100, 100), 10),
                    3,
                    Networks.parse(List.of()),
                    Networks.parse(List.of("198.51.100.0/24")),
                    Networks.parse(List.of())),
            () -> 0,
            metrics);
    private final EmbeddedChannel listening = new EmbeddedChannel(new DoorHandler(door, metrics));

    @AfterEach
    void close() {
        listening.finishAndReleaseAll();
    }

    private static final InetSocketAddress DENIED = EmbeddedSocket.from(198, 51, 100, 9);
    private static final InetSocketAddress PLAYER = EmbeddedSocket.from(192, 0, 2, 7);

    private EmbeddedSocket accept(InetSocketAddress from) {
        EmbeddedSocket accepted = new EmbeddedSocket(from);
        listening.writeInbound(accepted);
        return accepted;
    }

    @Test
    void whoeverIsLetInHasAVisitThatEndsWithHisConnection() {
        EmbeddedSocket first = accept(PLAYER);
        assertThat(listening.<Object>readInbound()).isSameAs(first);
        assertThat(first.attr(DoorHandler.VISIT).get().address())
                .isEqualTo(first.remoteAddress().getAddress());
        assertThat(door.entering()).isEqualTo(1);
        first.close();
        assertThat(door.entering()).isZero();
    }

    @Test
    void whoeverIsNotIsResetAndGoesNowhere() {
        for (InetSocketAddress comer : List.of(DENIED, PLAYER, PLAYER, PLAYER)) {
            accept(comer);
        }
        listening.releaseInbound();
        assertThat(metrics.drops).containsExactly(DropReason.DENIED, DropReason.ADDRESS_LIMIT);
        EmbeddedSocket again = accept(DENIED);
        assertThat(again.isOpen()).isFalse();
        assertThat(again.config().getSoLinger()).as("by a reset").isZero();
        assertThat(listening.<Object>readInbound()).isNull();
    }

    @Test
    void whoIsGoneAlreadyCostsNobodyAPlace() {
        EmbeddedSocket gone = new EmbeddedSocket((InetSocketAddress) null);
        listening.writeInbound(gone);
        assertThat(gone.isOpen()).isFalse();
        assertThat(door.entering()).isZero();
    }

    @Test
    void silentOneIsCutWhenAPlaceIsNeededAndWhenNothingCanBeAccepted() {
        EmbeddedSocket first = accept(EmbeddedSocket.from(192, 0, 2, 1));
        EmbeddedSocket second = accept(EmbeddedSocket.from(192, 0, 2, 2));
        EmbeddedSocket third = accept(EmbeddedSocket.from(192, 0, 2, 3));
        List.of(first, second, third)
                .forEach(each -> each.attr(DoorHandler.VISIT).get().isSilent());
        assertThat(accept(EmbeddedSocket.from(192, 0, 2, 4)).isOpen()).isTrue();
        assertThat(first.isOpen()).as("the longest silent").isFalse();

        listening.pipeline().fireExceptionCaught(new IOException("too many open files"));
        assertThat(second.isOpen() || third.isOpen()).isFalse();
        assertThat(metrics.drops)
                .containsExactly(
                        DropReason.MADE_ROOM, DropReason.ACCEPT_FAILED, DropReason.MADE_ROOM, DropReason.MADE_ROOM);
        assertThatThrownBy(listening::checkException)
                .as("Netty is told, and pauses")
                .hasMessage("too many open files");
    }
}
