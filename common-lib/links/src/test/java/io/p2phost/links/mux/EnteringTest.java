package io.p2phost.links.mux;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.p2phost.links.DropReason;
import io.p2phost.links.testing.RecordingMetrics;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EnteringTest {
    private final RecordingMetrics metrics = new RecordingMetrics();
    private long now;
    private final Entering entering = new Entering(3, () -> now, metrics);

    private EmbeddedChannel comes(boolean admitted) {
        EmbeddedChannel channel = new EmbeddedChannel();
        assertThat(entering.add(channel)).isEqualTo(admitted);
        return channel;
    }

    /** As when a relay is restarted: those on their way in are not disturbed. */
    @Test
    void crowdThatComesAtOnceGetsInOneAfterTheOther() {
        List<EmbeddedChannel> first = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            first.add(comes(true));
        }
        comes(false);
        assertThat(first).allMatch(EmbeddedChannel::isOpen);
        assertThat(metrics.drops).containsExactly(DropReason.ENTERING_LIMIT);

        entering.remove(first.get(1));
        first.get(2).close();
        comes(true);
        comes(true);
        comes(false);
    }

    @Test
    void whoHasHadEnoughTimeMakesRoomTheLongestWaitingFirst() {
        EmbeddedChannel first = comes(true);
        now += Entering.ENOUGH.toNanos() / 2;
        EmbeddedChannel second = comes(true);
        EmbeddedChannel third = comes(true);
        now += Entering.ENOUGH.toNanos() / 2;
        comes(true);
        assertThat(first.isOpen()).isFalse();
        comes(false);
        assertThat(second.isOpen() && third.isOpen()).isTrue();
        assertThat(metrics.drops).containsExactly(DropReason.MADE_ROOM, DropReason.ENTERING_LIMIT);
    }
}
