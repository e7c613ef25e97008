package io.p2phost.relay.takeover.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.unix.FileDescriptor;
import io.p2phost.links.testing.LeakGuard;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Descriptors come as messages of their own; the numbers here are nobody's. */
@ExtendWith(LeakGuard.class)
class CollectorTest {
    private static final int FIRST = 1_000_000;

    private final Queue<Integer> descriptors = new ArrayDeque<>();
    private final EmbeddedChannel channel = new EmbeddedChannel(new UnixLine.Collector(descriptors));

    private static FileDescriptor descriptor(int number) {
        return new FileDescriptor(number);
    }

    @Test
    void descriptorsAreTakenInTheirOrderHoweverManyCameAtOnce() {
        channel.writeInbound(descriptor(FIRST));
        channel.writeInbound(descriptor(FIRST + 2), descriptor(FIRST + 1));
        List<Integer> expected = new ArrayList<>(List.of(FIRST, FIRST + 2, FIRST + 1));
        for (int i = 3; i < 1_000; i++) {
            channel.writeOneInbound(descriptor(FIRST + i));
            expected.add(FIRST + i);
        }
        channel.flushInbound();
        assertThat(descriptors).containsExactlyElementsOf(expected);
        assertThat(channel.finish()).as("nothing goes on behind it").isFalse();
    }

    @Test
    void endComesBehindTheLastOfThem() {
        for (int before = 0; before < 5; before++) {
            descriptors.clear();
            EmbeddedChannel ending = new EmbeddedChannel(new UnixLine.Collector(descriptors));
            List<Integer> expected = new ArrayList<>();
            for (int i = 0; i < before; i++) {
                ending.writeInbound(descriptor(FIRST + i));
                expected.add(FIRST + i);
            }
            ending.close();
            expected.add(UnixLine.NO_MORE);
            assertThat(descriptors).as("%d before the end", before).containsExactlyElementsOf(expected);
        }
    }

    /** Who sends bytes instead gives nothing, and they are not kept. */
    @Test
    void bytesAreNoDescriptorsAndAreReleased() {
        ByteBuf bytes = channel.alloc().buffer().writeZero(100_000);
        channel.writeInbound(bytes);
        assertThat(descriptors).isEmpty();
        assertThat(bytes.refCnt()).isZero();
        channel.writeInbound(descriptor(FIRST));
        assertThat(descriptors).containsExactly(FIRST);
        channel.finish();
    }
}
