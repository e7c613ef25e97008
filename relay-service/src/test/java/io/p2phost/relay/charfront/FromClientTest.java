package io.p2phost.relay.charfront;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.p2phost.links.testing.LeakGuard;
import io.p2phost.relay.charfront.CharFrontMetrics.Refused;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLengths;
import io.p2phost.ro.client.ClientVersions;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(LeakGuard.class)
class FromClientTest {
    private static final byte[] ENTER = Packet.fixed(0x0065, 17).bytes();
    private static final byte[] CHOOSE = Packet.fixed(0x0066, 3).bytes();
    private static final byte[] MAP_SERVER = Packet.fixed(0x2af8, 60).bytes();

    private static PacketLengths of(int version) {
        return CharClientPackets.of(version, Map.of());
    }

    private static @Nullable Refused look(PacketLengths lengths, byte[] bytes, int tornAt) {
        FromClient from = new FromClient(lengths);
        ByteBuf all = Unpooled.wrappedBuffer(bytes);
        Refused first = from.look(all.slice(0, tornAt));
        return first != null ? first : from.look(all.slice(tornAt, bytes.length - tornAt));
    }

    private static @Nullable Refused everywhere(int version, byte[] bytes) {
        PacketLengths lengths = of(version);
        Refused once = look(lengths, bytes, 0);
        for (int at = 1; at <= bytes.length; at++) {
            assertThat(look(lengths, bytes, at)).as("torn at %d", at).isEqualTo(once);
        }
        return once;
    }

    @Test
    void clientsPacketsGoOn() {
        byte[] all = ToClientTest.concat(
                ENTER,
                Packet.fixed(0x0187, 6).bytes(),
                Packet.fixed(0x0a39, 36).bytes(),
                Packet.fixed(0x09a1, 2).bytes(),
                CHOOSE);
        assertThat(everywhere(ClientVersions.BUILT_IN, all)).isNull();
    }

    @Test
    void nobodyPlaysMapServer() {
        int version = ClientVersions.BUILT_IN;
        assertThat(everywhere(version, MAP_SERVER)).isEqualTo(Refused.INTER_SERVER);
        assertThat(everywhere(version, ToClientTest.concat(ENTER, CHOOSE, MAP_SERVER)))
                .isEqualTo(Refused.INTER_SERVER);
        // Inside of a client's packet it is only bytes.
        byte[] hidden = Packet.fixed(0x0a39, 36).u16(10, 0x2af8).bytes();
        assertThat(everywhere(version, ToClientTest.concat(ENTER, hidden, CHOOSE)))
                .isNull();
    }

    /** A char-server takes the same number of bytes for all three, so only its own may pass. */
    @ParameterizedTest
    @CsvSource({"20200401,0a39,36", "20140101,0970,31", "20100101,0067,37"})
    void otherVersionsPacketsDoNotPass(int version, String id, int length) {
        byte[] own = Packet.fixed(Integer.parseInt(id, 16), length).bytes();
        assertThat(everywhere(version, ToClientTest.concat(ENTER, own, CHOOSE))).isNull();
        for (int other : new int[] {0x0a39, 0x0970, 0x0067}) {
            if (other != Integer.parseInt(id, 16)) {
                assertThat(everywhere(
                                version,
                                ToClientTest.concat(
                                        ENTER, Packet.fixed(other, 40).bytes())))
                        .isEqualTo(Refused.UNKNOWN_PACKET);
            }
        }
    }

    @Test
    void clientBeginsWithItsOwnPacket() {
        assertThat(everywhere(ClientVersions.BUILT_IN, CHOOSE)).isEqualTo(Refused.NO_CLIENT);
        assertThat(everywhere(ClientVersions.BUILT_IN, new byte[] {'G', 'E', 'T', ' '}))
                .isEqualTo(Refused.NO_CLIENT);
    }

    @Test
    void operatorKnowsMorePackets() {
        byte[] all = ToClientTest.concat(ENTER, Packet.fixed(0x0abc, 7).bytes(), CHOOSE);
        assertThat(look(of(ClientVersions.BUILT_IN), all, 0)).isEqualTo(Refused.UNKNOWN_PACKET);
        assertThat(look(CharClientPackets.of(ClientVersions.BUILT_IN, Map.of(0x0abc, 7)), all, 0))
                .isNull();
    }
}
