package io.p2phost.links.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.links.Bytes;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The format is pinned here byte by byte: a change of these bytes is a new version of the protocol. */
class FrameCodecTest {
    private static final MapName MAP = MapName.of("prontera");
    private static final String MAP_HEX = "0870726f6e74657261";
    private static final Bytes ENTERING = Bytes.of(Unpooled.wrappedBuffer(new byte[] {0x36, 0x04}));
    private static final HostId HOST = HostId.of("0b0b0b0b-1111-2222-3333-444444444444");
    private static final String HOST_HEX = "30623062306230622d313131312d323232322d333333332d343434343434343434343434";

    static Stream<Arguments> golden() {
        return Stream.of(
                Arguments.of(
                        new Frame.Hello(1, 262_144, Place.BESIDE, new ResumeToken(1, -2), "p2p/1"),
                        "01 00001d 00000000 0001 00040000 01 0000000000000001fffffffffffffffe 05 7032702f31"),
                Arguments.of(
                        new Frame.Welcome(1, 4096, true, 4, 3_600_000, new ResumeToken(-1, 3), "r1"),
                        "02 00001f 00000000 0001 00001000 01 04 0036ee80 ffffffffffffffff0000000000000003 02 7231"),
                Arguments.of(new Frame.Ping(258), "03 000008 00000000 0000000000000102"),
                Arguments.of(new Frame.Pong(-1), "04 000008 00000000 ffffffffffffffff"),
                Arguments.of(new Frame.GoAway(GoAwayCode.BLACKLISTED, "x"), "05 000004 00000000 02 0001 78"),
                Arguments.of(
                        new Frame.Assign(MAP, Epoch.of(7), CellRole.STANDBY),
                        "10 000012 00000000 0000000000000007 01 " + MAP_HEX),
                Arguments.of(
                        new Frame.Ready(MAP, Epoch.of(7), true, "up"),
                        "11 000016 00000000 0000000000000007 01 " + MAP_HEX + " 0002 7570"),
                Arguments.of(new Frame.Fenced(MAP, Epoch.of(8)), "12 000011 00000000 0000000000000008 " + MAP_HEX),
                Arguments.of(
                        new Frame.Open(5, MAP, Epoch.of(7), 0x7f7f_fffe, Bytes.NONE),
                        "20 000016 00000005 0000000000000007 7f7ffffe " + MAP_HEX + " 00"),
                Arguments.of(
                        new Frame.Open(5, MAP, Epoch.of(7), SourceAddress.NONE, ENTERING),
                        "20 000018 00000005 0000000000000007 00000000 " + MAP_HEX + " 02 3604"),
                Arguments.of(new Frame.Opened(5), "21 000000 00000005"),
                Arguments.of(new Frame.Window(5, 65_536, 3), "23 000008 00000005 00010000 00000003"),
                Arguments.of(new Frame.Fin(Integer.MAX_VALUE), "24 000000 7fffffff"),
                Arguments.of(new Frame.Reset(5, ResetCode.SHUTDOWN), "25 000001 00000005 06"),
                Arguments.of(
                        new Frame.LinkHello(
                                1, 4096, 512, CellRole.PRIMARY, HOST, new ResumeToken(1, 2), MAP, Epoch.of(3)),
                        "30 000050 00000000 0001 00001000 00000200 00 0000000000000003 " + HOST_HEX
                                + "00000000000000010000000000000002" + MAP_HEX),
                Arguments.of(
                        new Frame.Accepted(1, 4096, -1, true, new ResumeToken(-1, 3)),
                        "31 00001b 00000000 0001 00001000 ffffffff 01 ffffffffffffffff0000000000000003"),
                Arguments.of(
                        new Frame.Streams(List.of(new StreamState(5, 258, 65_536, true))),
                        "33 000011 00000000 00000005 0000000000000102 00010000 01"),
                Arguments.of(
                        new Frame.Refused(RefusalReason.STALE_EPOCH, Epoch.of(9), "no"),
                        "32 00000d 00000000 00 0000000000000009 0002 6e6f"));
    }

    @Test
    void noMoreFirstBytesThanTheirLengthCanSay() {
        assertThat(new Frame.Open(5, MAP, Epoch.of(7), 0, Bytes.of(new byte[255]))
                        .first()
                        .length())
                .isEqualTo(255);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Frame.Open(5, MAP, Epoch.of(7), 0, Bytes.of(new byte[256])))
                .withMessage("first: 256 bytes (expected: at most 255)");
    }

    @ParameterizedTest
    @MethodSource("golden")
    void bytesOfEveryFrameAreFixed(Frame frame, String hex) {
        ByteBuf written = Frames.encode(ByteBufAllocator.DEFAULT, frame);
        try {
            assertThat(ByteBufUtil.hexDump(written)).isEqualTo(hex.replace(" ", ""));
        } finally {
            written.release();
        }
        assertThat(decode(bytes(hex))).isEqualTo(frame);
    }

    @ParameterizedTest
    @MethodSource("golden")
    void framesMayArriveInAnyPieces(Frame frame, String hex) {
        EmbeddedChannel channel = new EmbeddedChannel(new FrameDecoder());
        byte[] all = bytes(hex);
        for (byte one : all) {
            assertThat(channel.<Object>readInbound()).isNull();
            channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {one}));
        }
        assertThat(channel.<Object>readInbound()).isEqualTo(frame);
        channel.finishAndReleaseAll();
    }

    @ParameterizedTest
    @MethodSource("golden")
    void aByteTooManyOrTooFewIsMalformed(Frame frame, String hex) {
        byte[] more = new byte[bytes(hex).length + 1];
        System.arraycopy(bytes(hex), 0, more, 0, more.length - 1);
        more[3]++;
        assertThat(fault(more)).as("one too many").isNotNull();
        byte[] less = java.util.Arrays.copyOf(bytes(hex), bytes(hex).length - 1);
        if (less[3] != 0) {
            less[3]--;
            assertThat(fault(less)).as("one too few").isNotNull();
        }
    }

    @Test
    void dataCarriesItsPayloadUncopied() {
        EmbeddedChannel channel = new EmbeddedChannel(new FrameDecoder());
        channel.writeInbound(
                Frames.dataHeader(ByteBufAllocator.DEFAULT, 3, 2), Unpooled.wrappedBuffer(new byte[] {1, 2}));
        Frame.Data data = channel.readInbound();
        assertThat(data.streamId()).isEqualTo(3);
        assertThat(ByteBufUtil.hexDump(data.payload())).isEqualTo("0102");
        data.payload().release();
        channel.finishAndReleaseAll();
    }

    @ParameterizedTest
    @CsvSource({
        "2200000000000001, MALFORMED_FRAME, DATA without a byte",
        "2201000100000001, OVERSIZED_FRAME, one byte above 65536",
        "2200000100000000, MALFORMED_FRAME, a stream's frame without a stream",
        "2200000180000000, MALFORMED_FRAME, a stream id with the highest bit",
        "0300000800000001, MALFORMED_FRAME, a frame of the link with a stream",
        "0000000000000000, UNKNOWN_FRAME, type 0",
        "ff00000000000000, UNKNOWN_FRAME, type 255",
        "06ffffff00000000, UNKNOWN_FRAME, unknown before too long",
        "10ffffff00000000, OVERSIZED_FRAME, 16 MiB announced",
    })
    void headerIsJudgedBeforeItsPayloadIsAwaited(String header, String reason, String why) {
        ProtocolException fault = fault(bytes(header));
        assertThat(fault).as(why).isNotNull();
        assertThat(fault.reason()).hasToString(reason);
    }

    @ParameterizedTest
    @CsvSource({
        "12 00000a 00000000 0000000000000001 00, empty map",
        "12 00000b 00000000 0000000000000001 01 41, capital letter",
        "12 00000b 00000000 0000000000000001 02 61, map longer than the frame",
        "12 00000b 00000000 8000000000000001 01 61, negative epoch",
        "23 000008 00000001 00000000 00000000, nothing given back",
        "23 000008 00000001 80000000 00000001, negative bytes taken",
        "23 000008 00000001 00000001 80000000, negative credit",
        "20 00000f 00000001 0000000000000001 00000000 01 61 01, fewer first bytes than it says",
        "20 000010 00000001 0000000000000001 00000000 01 61 00 00, more first bytes than it says",
        "20 00000f 00000001 0000000000000001 7f3fffff 01 61 00, source below 127.64.0.0/10",
        "20 00000f 00000001 0000000000000001 7f800000 01 61 00, source above 127.64.0.0/10",
        "20 00000f 00000001 0000000000000001 0a000001 01 61 00, source that is no loopback",
        "25 000001 00000001 07, unknown reset code",
        "05 000003 00000000 08 0000, unknown go-away code",
        "01 000018 00000000 0001 00040000 02 00000000000000010000000000000002 00, unknown place",
        "02 00001d 00000000 0001 00001000 02 04 00000001 00000000000000010000000000000002 00, unknown flag",
        "02 00001d 00000000 0001 00001000 00 00 00000001 00000000000000010000000000000002 00, no connection at all",
        "02 00001d 00000000 0001 00001000 00 04 00000000 00000000000000010000000000000002 00, keys that last no time",
        "05 000104 00000000 00 0101, text above 255 bytes",
        "10 00000b 00000000 0000000000000001 02 01 61, unknown role",
    })
    void valuesOutsideOfTheirRangeAreMalformed(String hex, String why) {
        byte[] head = bytes(hex);
        int length = (head[1] & 0xff) << 16 | (head[2] & 0xff) << 8 | (head[3] & 0xff);
        ProtocolException fault = fault(java.util.Arrays.copyOf(head, 8 + length));
        assertThat(fault).as(why).isNotNull();
    }

    @Test
    void nothingIsReadAfterTheFirstFault() {
        EmbeddedChannel channel = new EmbeddedChannel(new FrameDecoder());
        assertThatThrownBy(() -> channel.writeInbound(Unpooled.wrappedBuffer(bytes("ff00000000000000"))))
                .isSameAs(ProtocolException.UNKNOWN);
        channel.writeInbound(Frames.encode(ByteBufAllocator.DEFAULT, new Frame.Ping(1)));
        assertThat(channel.<Object>readInbound()).isNull();
        channel.finishAndReleaseAll();
    }

    @Test
    void longTextsAreCutAtAWholeCharacter() {
        Frame.Ready long1 = new Frame.Ready(MAP, Epoch.of(1), false, "a" + "ü".repeat(200));
        ByteBuf written = Frames.encode(ByteBufAllocator.DEFAULT, long1);
        byte[] bytes = ByteBufUtil.getBytes(written);
        written.release();
        assertThat(decode(bytes)).isEqualTo(new Frame.Ready(MAP, Epoch.of(1), false, "a" + "ü".repeat(127)));
    }

    /** Whatever is sent ends in frames or in a protocol fault, and no buffer is lost. */
    @Test
    void noiseNeverDoesMoreThanBreakTheProtocol() {
        Random random = new Random(42);
        List<byte[]> good = golden().map(a -> bytes((String) a.get()[1])).toList();
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = good.get(random.nextInt(good.size())).clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            fault(bytes);
        }
    }

    private static byte[] bytes(String hex) {
        return ByteBufUtil.decodeHexDump(hex.replace(" ", ""));
    }

    private static Frame decode(byte[] bytes) {
        EmbeddedChannel channel = new EmbeddedChannel(new FrameDecoder());
        channel.writeInbound(Unpooled.wrappedBuffer(bytes));
        Frame frame = channel.readInbound();
        assertThat(channel.<Object>readInbound()).isNull();
        channel.finishAndReleaseAll();
        return frame;
    }

    private static @Nullable ProtocolException fault(byte[] bytes) {
        EmbeddedChannel channel = new EmbeddedChannel(new FrameDecoder());
        try {
            channel.writeInbound(Unpooled.wrappedBuffer(bytes));
            return null;
        } catch (ProtocolException e) {
            return e;
        } finally {
            channel.finishAndReleaseAll();
        }
    }
}
