package io.p2phost.links.mux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.p2phost.links.frame.ProtocolException;
import io.p2phost.links.testing.LeakGuard;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one end packs the other unpacks, for as long as it likes; what a hostile end packs does no harm. */
@ExtendWith(LeakGuard.class)
class PackingTest {
    private static final int KIB = 1024;
    private static final int FRAME = 64 * KIB;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 10_000, 64 * KIB, 512 * KIB})
    void bytesComeOutAsTheyWentIn(int history) {
        Packer packer = new Packer(history);
        Unpacker unpacker = new Unpacker(history);
        Random random = new Random(history);
        byte[] before = new byte[0];
        int packed = 0;
        for (int round = 0; round < 60; round++) {
            byte[] bytes = someBytes(random, before);
            ByteBuf frame = packer.pack(bytes);
            if (frame != null) {
                packed++;
                assertThat(frame.readableBytes()).isLessThan(bytes.length);
                assertThat(Arrays.equals(unpack(unpacker, frame), bytes))
                        .as("round %s", round)
                        .isTrue();
            }
            before = bytes;
        }
        assertThat(packed).isGreaterThan(20);
    }

    /** Zeros, noise, or nearly the same again, of any length. */
    private static byte[] someBytes(Random random, byte[] before) {
        if (random.nextInt(3) == 0 && before.length > 0) {
            byte[] again = before.clone();
            again[random.nextInt(again.length)]++;
            return again;
        }
        byte[] bytes = new byte[1 + random.nextInt(random.nextBoolean() ? 1000 : FRAME)];
        for (int noise = random.nextInt(1 + bytes.length); noise > 0; noise -= 7) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return bytes;
    }

    @Test
    void largestFrameOfTheWorstBytesFits() {
        byte[] worst = new byte[FRAME];
        for (int i = 0; i < FRAME; i += 2) {
            worst[i] = 1;
        }
        ByteBuf frame = new Packer(0).pack(worst);
        assertThat(frame).isNotNull();
        assertThat(unpack(new Unpacker(0), frame)).isEqualTo(worst);
    }

    @Test
    void whatGainsNothingIsNotPacked() {
        byte[] noise = new byte[1000];
        new Random(1).nextBytes(noise);
        assertThat(new Packer(64 * KIB).pack(noise)).isNull();
    }

    @Test
    void saveLikeTheOneBeforeIsSmallWhateverCameBetween() {
        Packer packer = new Packer(512 * KIB);
        byte[] save = new byte[50_000];
        Random random = new Random(3);
        for (int i = 0; i < 6_000; i++) {
            save[random.nextInt(save.length)] = (byte) random.nextInt();
        }
        int first = packer.pack(save).readableBytes();
        for (int i = 0; i < 20; i++) {
            byte[] others = new byte[50_000];
            for (int k = 0; k < 6_000; k++) {
                others[random.nextInt(others.length)] = (byte) random.nextInt();
            }
            packer.pack(others);
        }
        assertThat(packer.pack(save).readableBytes()).isLessThan(first / 50);
    }

    // ---- hostile ----

    @Test
    void frameThatStandsForMoreThanAFrameMayCarryIsMalformed() {
        assertThat(unpack(new Unpacker(0), zstd(new byte[] {0, (byte) 0x80, (byte) 0x80, 4})))
                .as("65,536 zeros")
                .hasSize(FRAME);
        assertMalformed(zstd(new byte[] {0, (byte) 0x81, (byte) 0x80, 4}));
        assertMalformed(zstd(new byte[] {0, (byte) 0xff, (byte) 0xff, 0x7f}));
        byte[] many = new byte[90_000];
        for (int i = 0; i < many.length; i += 3) {
            many[i + 1] = (byte) 0xff;
            many[i + 2] = 0x7f;
        }
        assertMalformed(zstd(many));
    }

    @Test
    void bombIsNotUnpackedAtAll() {
        byte[] bomb = Zstd.compress(new byte[100 << 20], 19);
        assertThat(bomb.length).isLessThan(FRAME);
        assertMalformed(Unpooled.wrappedBuffer(bomb));
    }

    @Test
    void sizeThatIsAnnouncedFalselyIsMalformed() {
        byte[] two = ByteBufUtil.getBytes(
                Unpooled.wrappedBuffer(Zstd.compress(new byte[] {1}), Zstd.compress(new byte[1_000_000])));
        assertMalformed(Unpooled.wrappedBuffer(two));
        try (ZstdCompressCtx silent = new ZstdCompressCtx().setContentSize(false)) {
            assertMalformed(Unpooled.wrappedBuffer(silent.compress(new byte[] {1})));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "0 0", "0 80 0", "0 80 80 0", "0 80", "0 80 80 80", "0 80 80 80 1"})
    void brokenRunsAreMalformed(String bytes) {
        byte[] dense = new byte[bytes.isEmpty() ? 0 : bytes.split(" ").length];
        for (int i = 0; i < dense.length; i++) {
            dense[i] = (byte) Integer.parseInt(bytes.split(" ")[i], 16);
        }
        assertMalformed(zstd(dense));
    }

    @Test
    void noiseIsMalformedOrHarmless() {
        Random random = new Random(5);
        byte[] good = Zstd.compress(new byte[] {1, 2, 3, 0, 77, 4, 5, 6, 0, 9, 1, 2, 3, 0, 77, 4, 5, 6});
        Unpacker unpacker = new Unpacker(10_000);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = Arrays.copyOf(good, random.nextInt(3) == 0 ? 1 + random.nextInt(good.length) : good.length);
            for (int i = random.nextInt(4); i > 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                assertThat(unpack(unpacker, Unpooled.wrappedBuffer(bytes))).hasSizeLessThanOrEqualTo(FRAME);
            } catch (ProtocolException e) {
                assertThat(e).isSameAs(ProtocolException.MALFORMED);
            }
        }
    }

    private static ByteBuf zstd(byte[] dense) {
        return Unpooled.wrappedBuffer(Zstd.compress(dense));
    }

    private static byte[] unpack(Unpacker unpacker, ByteBuf frame) {
        ByteBuf out = unpacker.unpack(frame, UnpooledByteBufAllocator.DEFAULT);
        try {
            return ByteBufUtil.getBytes(out);
        } finally {
            out.release();
        }
    }

    private static void assertMalformed(ByteBuf frame) {
        assertThatThrownBy(() -> unpack(new Unpacker(0), frame)).isSameAs(ProtocolException.MALFORMED);
    }
}
