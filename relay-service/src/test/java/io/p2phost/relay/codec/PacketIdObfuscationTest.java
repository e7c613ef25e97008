package io.p2phost.relay.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.p2phost.links.testing.LeakGuard;
import io.p2phost.relay.codec.StreamCodec.Direction;
import io.p2phost.relay.codec.StreamCodec.Match;
import io.p2phost.ro.Packet;
import io.p2phost.ro.client.ClientIds;
import io.p2phost.ro.client.ClientToMap;
import io.p2phost.ro.client.ClientVersions;
import io.p2phost.ro.client.Enter;
import io.p2phost.ro.client.Say;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakGuard.class)
class PacketIdObfuscationTest {
    private static final String KEYS = "0x4A715EF9, 0x79103E4F, 0x405C1238";
    private static final List<Packet> SAID = List.of(
            Enter.of(2_000_001, 150_001, 4_711, 1, 1).packet(),
            Packet.fixed(ClientToMap.MAP_LOADED, 2),
            Say.of("me", "a line of some length").packet(),
            Packet.fixed(ClientToMap.TIME_REQUEST, 6).u32(2, 99));

    private static StreamCodec codec(String keys) {
        return Codecs.named(
                "rathena-obfuscation",
                new StreamCodec.Context(
                        ClientVersions.builtIn().lengths(ClientVersions.BUILT_IN),
                        ClientIds.STANDARD,
                        Map.of("keys", keys)));
    }

    private final StreamCodec codec = codec(KEYS);

    /** As the client does it, by the formula in whole numbers. */
    private static byte[] clientSends() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        long key = (0x4A715EF9L * 0x79103E4FL + 0x405C1238L) % (1L << 32);
        for (Packet packet : SAID) {
            Packet mixed = packet.copy();
            out.writeBytes(
                    mixed.u16(0, packet.id() ^ (int) (key / 65_536 % 32_768)).bytes());
            key = (key * 0x79103E4FL + 0x405C1238L) & 0xffff_ffffL;
        }
        return out.toByteArray();
    }

    private static byte[] plain() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SAID.forEach(packet -> out.writeBytes(packet.bytes()));
        return out.toByteArray();
    }

    private static byte[] pass(Direction direction, byte[] bytes, int piece) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int at = 0; at < bytes.length; at += piece) {
            ByteBuf passed = direction.pass(Unpooled.copiedBuffer(bytes, at, Math.min(piece, bytes.length - at)));
            out.writeBytes(ByteBufUtil.getBytes(passed));
            passed.release();
        }
        return out.toByteArray();
    }

    @Test
    void anotherProcessGoesOnWhereverTheStreamIsTorn() {
        byte[] sent = clientSends();
        for (int at = 0; at <= sent.length; at++) {
            Direction before = codec.open().fromClient();
            Direction after = codec.open().fromClient();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.writeBytes(pass(before, Arrays.copyOf(sent, at), sent.length));
            after.goOnFrom(before.state());
            out.writeBytes(pass(after, Arrays.copyOfRange(sent, at, sent.length), sent.length));
            assertThat(out.toByteArray()).as("torn at %s", at).isEqualTo(plain());
        }
        assertThat(codec.isCarried()).isTrue();
    }

    @Test
    void idsAreReadAndWrittenHoweverTheStreamIsTorn() {
        byte[] sent = clientSends();
        assertThat(sent).isNotEqualTo(plain());
        for (int piece = 1; piece <= sent.length; piece++) {
            assertThat(pass(codec.open().fromClient(), sent, piece))
                    .as("in pieces of " + piece)
                    .isEqualTo(plain());
            assertThat(pass(codec.open().server().to(), plain(), piece))
                    .as("in pieces of " + piece)
                    .isEqualTo(sent);
        }
    }

    @Test
    void serversSendPlainPackets() {
        assertThat(pass(codec.open().server().from(), plain(), 7)).isEqualTo(plain());
        assertThat(pass(codec.open().toClient(), plain(), 7)).isEqualTo(plain());
    }

    @Test
    void streamIsRecognisedByItsFirstPacket() {
        assertThat(codec.match(Unpooled.copiedBuffer(clientSends()))).isEqualTo(Match.YES);
        assertThat(codec.match(Unpooled.copiedBuffer(clientSends(), 0, 1))).isEqualTo(Match.MORE);
        assertThat(codec.match(Unpooled.copiedBuffer(plain()))).isEqualTo(Match.NO);
    }

    @Test
    void whatFollowsAnUnknownPacketIsLeftAsItIs() {
        byte[] unknown = {0x01, 0x00, 1, 2, 3, 4, 5, 6};
        assertThat(pass(codec.open().server().to(), unknown, 3)).isEqualTo(unknown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0x1,0x2", "0x1,0x2,0x3,0x4", "1,2,3", "0x1,0x2,0x123456789"})
    void wrongKeysAreRefused(String keys) {
        assertThatThrownBy(() -> codec(keys))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("keys: ")
                .hasMessageContaining("expected: the three keys");
    }

    @Test
    void unknownCodecIsRefusedWithThoseThereAre() {
        StreamCodec.Context context = new StreamCodec.Context(
                ClientVersions.builtIn().lengths(ClientVersions.BUILT_IN), ClientIds.STANDARD, Map.of());
        assertThatThrownBy(() -> Codecs.named("gepard", context))
                .hasMessage("name: gepard (expected: one of [rathena-obfuscation])");
    }
}
