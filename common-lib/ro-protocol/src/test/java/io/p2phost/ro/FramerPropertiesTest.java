package io.p2phost.ro;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.ro.testing.Capture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Whatever arrives, in whatever pieces. */
class FramerPropertiesTest {
    private static final int BOUND = 10_000;
    private static final List<Capture> SHORT =
            Capture.all().filter(capture -> capture.bytes().length < 30_000).toList();

    @Provide
    Arbitrary<Capture> captures() {
        return Arbitraries.of(Capture.all().toList());
    }

    @Provide
    Arbitrary<Capture> shortCaptures() {
        return Arbitraries.of(SHORT);
    }

    @Property(tries = 200)
    void samePacketsHoweverTheStreamIsSplit(
            @ForAll("captures") Capture capture,
            @ForAll Random random,
            @ForAll @IntRange(min = 1, max = 70_000) int piece) {
        byte[] bytes = capture.bytes();
        PacketFramer framer = capture.framer();
        List<Packet> packets = new ArrayList<>();

        for (int at = 0; at < bytes.length; ) {
            int length = Math.min(1 + random.nextInt(piece), bytes.length - at);
            framer.feed(bytes, at, length, packets::add);
            at += length;
        }

        assertThat(packets).isEqualTo(capture.packets());
    }

    @Property(tries = 3000)
    void changedStreamsEndInPacketsOrInAFramingException(
            @ForAll("shortCaptures") Capture capture,
            @ForAll Random random,
            @ForAll @IntRange(min = 1, max = 40) int changes) {
        byte[] bytes = capture.bytes();
        for (int i = 0; i < changes; i++) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        feedAll(capture, bytes, random);
    }

    @Property(tries = 2000)
    void anyBytesEndInPacketsOrInAFramingException(
            @ForAll("shortCaptures") Capture capture, @ForAll byte[] bytes, @ForAll Random random) {
        feedAll(capture, bytes, random);
    }

    /** Bytes given and bytes held are always those fed so far: none invented, none lost, never more than the bound held. */
    private static void feedAll(Capture capture, byte[] bytes, Random random) {
        PacketFramer framer = new PacketFramer(capture.lengths(), BOUND);
        int[] given = new int[1];
        int at = 0;
        try {
            while (at < bytes.length) {
                int length = Math.min(1 + random.nextInt(2000), bytes.length - at);
                framer.feed(bytes, at, length, packet -> {
                    assertThat(packet.length()).isLessThanOrEqualTo(BOUND);
                    assertThat(packet.bytes())
                            .isEqualTo(Arrays.copyOfRange(bytes, given[0], given[0] + packet.length()));
                    given[0] += packet.length();
                });
                at += length;
                assertThat(given[0] + framer.held()).isEqualTo(at);
                assertThat(framer.held()).isLessThan(BOUND);
            }
        } catch (FramingException e) {
            assertThat(framer.held()).isLessThan(BOUND);
        }
    }
}
