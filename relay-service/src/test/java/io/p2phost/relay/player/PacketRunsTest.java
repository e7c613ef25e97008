package io.p2phost.relay.player;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.p2phost.links.testing.LeakGuard;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLengths;
import io.p2phost.ro.client.ClientIds;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakGuard.class)
class PacketRunsTest {
    private final List<Packet> judged = new ArrayList<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final List<ByteBuf> given = new ArrayList<>();
    private boolean keeps = true;
    private boolean puts;
    private boolean stops;
    private int opaque;
    private final PacketRuns runs = runs(0x0080);

    private PacketRuns runs(int watched) {
        return new PacketRuns(
                FakeWorld.LENGTHS,
                ClientIds.STANDARD,
                id -> id == watched,
                new PacketRuns.Judge() {
                    @Override
                    public boolean keeps(Packet packet) {
                        judged.add(packet);
                        if (puts) {
                            runs.flush();
                            out.writeBytes(new byte[] {'!'});
                        }
                        if (stops) {
                            runs.stop();
                        }
                        return keeps;
                    }

                    @Override
                    public void opaque() {
                        opaque++;
                    }
                },
                bytes -> {
                    out.writeBytes(ByteBufUtil.getBytes(bytes));
                    given.add(bytes);
                    bytes.release();
                });
    }

    private static Packet watched(int value) {
        return Packet.fixed(0x0080, 7).u32(2, value);
    }

    private static Packet line(int length) {
        return Packet.variable(0x008e, length);
    }

    private void feed(byte[] bytes) {
        ByteBuf buffer = PooledByteBufAllocator.DEFAULT.buffer(Math.max(1, bytes.length));
        runs.feed(buffer.writeBytes(bytes));
        assertThat(buffer.refCnt()).as("released").isZero();
    }

    private static byte[] bytes(Packet... packets) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (Packet packet : packets) {
            all.writeBytes(packet.bytes());
        }
        return all.toByteArray();
    }

    @Test
    void manyPacketsGoOnAsOneSlice() {
        byte[] sent = bytes(line(20), line(4), watched(1), line(300));
        feed(sent);
        assertThat(out.toByteArray()).isEqualTo(sent);
        assertThat(given).hasSize(1);
        assertThat(judged).containsExactly(watched(1));
    }

    @Test
    void streamTornAtAnyTwoOffsetsIsTheSame() {
        byte[] sent = bytes(line(9), watched(1), line(4), Packet.fixed(0x0283, 6), watched(2), line(21));
        for (int first = 0; first <= sent.length; first++) {
            for (int second = first; second <= sent.length; second++) {
                out.reset();
                judged.clear();
                feed(slice(sent, 0, first));
                feed(slice(sent, first, second));
                feed(slice(sent, second, sent.length));
                assertThat(out.toByteArray())
                        .as("torn at %d and %d", first, second)
                        .isEqualTo(sent);
                assertThat(judged).containsExactly(watched(1), watched(2));
                assertThat(runs.held()).isZero();
            }
        }
    }

    private static byte[] slice(byte[] from, int begin, int end) {
        return java.util.Arrays.copyOfRange(from, begin, end);
    }

    @Test
    void onlyWholePacketsAreGivenOut() {
        byte[] sent = bytes(line(100), line(200));
        feed(slice(sent, 0, 250));
        assertThat(out.size()).isEqualTo(100);
        assertThat(runs.held()).isEqualTo(150);
        feed(slice(sent, 250, 300));
        assertThat(out.toByteArray()).isEqualTo(sent);
    }

    @Test
    void judgeTakesOutAndPutsBefore() {
        keeps = false;
        puts = true;
        for (int tear = 0; tear <= 22; tear++) {
            out.reset();
            byte[] sent = bytes(line(8), watched(1), line(7));
            feed(slice(sent, 0, tear));
            feed(slice(sent, tear, sent.length));
            byte[] expected = new byte[16];
            System.arraycopy(line(8).bytes(), 0, expected, 0, 8);
            expected[8] = '!';
            System.arraycopy(line(7).bytes(), 0, expected, 9, 7);
            assertThat(out.toByteArray()).as("torn at %d", tear).isEqualTo(expected);
        }
    }

    @Test
    void nothingComesOutAfterAStopNotEvenWhatCameWithIt() {
        stops = true;
        feed(bytes(line(8), watched(1), line(7)));
        feed(bytes(line(9)));
        assertThat(out.toByteArray()).isEqualTo(line(8).bytes());
    }

    @Test
    void randomStreamsSurviveRandomTearing() {
        Random random = new Random(7);
        int[] ids = FakeWorld.LENGTHS.ids();
        for (int round = 0; round < 200; round++) {
            out.reset();
            ByteArrayOutputStream sent = new ByteArrayOutputStream();
            for (int i = 0; i < 50; i++) {
                int id = ids[random.nextInt(ids.length)];
                int length = FakeWorld.LENGTHS.of(id);
                sent.writeBytes((length == PacketLengths.VARIABLE
                                ? Packet.variable(id, FakeWorld.LENGTHS.leastOf(id) + random.nextInt(3_000))
                                : Packet.fixed(id, length))
                        .bytes());
            }
            byte[] all = sent.toByteArray();
            for (int at = 0; at < all.length; ) {
                int end = Math.min(all.length, at + 1 + random.nextInt(1_500));
                feed(slice(all, at, end));
                at = end;
            }
            assertThat(out.toByteArray()).isEqualTo(all);
        }
    }

    @Test
    void unknownIdAndImpossibleLengthPassAndEndTheFraming() {
        feed(bytes(line(8)));
        byte[] strange = {(byte) 0xff, 0x7f, 5};
        feed(strange);
        feed(new byte[] {(byte) 0x80});
        assertThat(opaque).isEqualTo(1);
        assertThat(runs.isOpaque()).isTrue();
        assertThat(out.size()).isEqualTo(12);
        assertThat(judged).isEmpty();
    }

    @Test
    void lengthBelowItsOwnHeaderIsImpossibleHoweverItIsTorn() {
        byte[] sent = bytes(line(8), line(9));
        sent[10] = 3;
        feed(slice(sent, 0, 9));
        feed(slice(sent, 9, sent.length));
        assertThat(opaque).isEqualTo(1);
        assertThat(out.toByteArray()).isEqualTo(sent);
    }

    @Test
    void emptyBuffersAreNothing() {
        runs.feed(Unpooled.EMPTY_BUFFER);
        assertThat(out.size()).isZero();
    }
}
