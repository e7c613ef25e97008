package io.p2phost.ro;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.ro.testing.Capture;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Streams of real servers are cut where their index says, however they are torn on the way. */
class RecordedStreamsTest {
    static Stream<Capture> all() {
        return Capture.all();
    }

    @ParameterizedTest
    @MethodSource("all")
    void framesToTheLastByteAsTheIndexSays(Capture capture) {
        PacketFramer framer = capture.framer();
        List<Capture.Entry> found = new ArrayList<>();
        ByteArrayOutputStream given = new ByteArrayOutputStream();
        byte[] bytes = capture.bytes();

        framer.feed(bytes, 0, bytes.length, packet -> {
            found.add(new Capture.Entry(given.size(), packet.id(), packet.length()));
            given.writeBytes(packet.bytes());
        });

        assertThat(found).isEqualTo(capture.index());
        assertThat(framer.held()).isZero();
        assertThat(given.toByteArray()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @MethodSource("all")
    void framesTheSameByteByByte(Capture capture) {
        PacketFramer framer = capture.framer();
        List<Packet> packets = new ArrayList<>();
        byte[] bytes = capture.bytes();

        for (int i = 0; i < bytes.length; i++) {
            framer.feed(bytes, i, 1, packets::add);
        }

        assertThat(packets).isEqualTo(capture.packets());
        assertThat(framer.held()).isZero();
    }

    /**
     * A framer's state at a packet's boundary is always the same, so a tear matters only inside the packet it is in: each
     * kind of packet is torn at each of its bytes, with the packet behind it.
     */
    @Test
    void framesTheSameTornAtEveryByte() {
        int tears = 0;
        Set<String> seen = new HashSet<>();
        for (Capture capture : Capture.all().toList()) {
            byte[] bytes = capture.bytes();
            for (Capture.Entry entry : capture.index()) {
                if (seen.add(capture.lengths() + " " + entry.id() + " " + entry.length())) {
                    tears += tearEverywhere(capture, bytes, entry);
                }
            }
        }
        assertThat(tears).isGreaterThan(100_000);
    }

    private static int tearEverywhere(Capture capture, byte[] bytes, Capture.Entry entry) {
        int end = entry.offset() + entry.length();
        // Also what follows, but no more of it than shows that the tear left nothing behind.
        int next = capture.index().stream()
                .filter(other -> other.offset() == end)
                .mapToInt(other -> Math.min(other.length(), 4))
                .findFirst()
                .orElse(0);
        List<Packet> packets = new ArrayList<>();
        for (int at = entry.offset(); at <= end; at++) {
            packets.clear();
            PacketFramer framer = capture.framer();
            framer.feed(bytes, entry.offset(), at - entry.offset(), packets::add);
            framer.feed(bytes, at, end + next - at, packets::add);
            if (packets.isEmpty()
                    || packets.getFirst().length() != entry.length()
                    || !same(packets.getFirst(), bytes, entry)
                    || framer.held() + lengthOf(packets) != entry.length() + next) {
                throw new AssertionError(capture + ": " + entry + " torn at " + at + " gave " + packets);
            }
        }
        return entry.length() + 1;
    }

    private static int lengthOf(List<Packet> packets) {
        return packets.stream().mapToInt(Packet::length).sum();
    }

    private static boolean same(Packet packet, byte[] bytes, Capture.Entry entry) {
        return Arrays.equals(
                packet.bytes(), 0, packet.length(), bytes, entry.offset(), entry.offset() + entry.length());
    }
}
