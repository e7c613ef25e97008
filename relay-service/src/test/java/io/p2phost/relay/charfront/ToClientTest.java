package io.p2phost.relay.charfront;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.p2phost.links.testing.LeakGuard;
import io.p2phost.relay.charfront.CharFrontMetrics.Named;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLengths;
import io.p2phost.ro.client.ClientPackets;
import io.p2phost.ro.client.ClientVersions;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakGuard.class)
class ToClientTest {
    private static final PacketLengths LENGTHS = ClientVersions.builtIn().lengths(ClientVersions.BUILT_IN);
    private static final int ACCOUNT = 2_000_007;
    private static final Place FRONT = Place.parse("203.0.113.5:7000");
    private static final Place OWN = Place.parse("198.51.100.9:7001");
    private static final Place CORE = Place.parse("203.0.113.5:5121");
    private static final byte[] GREETING = {(byte) 0x87, (byte) 0x84, 0x1e, 0};

    private final List<String> events = new ArrayList<>();
    private final ToClient toClient = toClient();

    private ToClient toClient() {
        return new ToClient(LENGTHS, ACCOUNT, new CharFront.Addresses(Set.of(FRONT), OWN), new ToClient.Events() {
            @Override
            public void letIn() {
                events.add("let in");
            }

            @Override
            public void named(Named how, Place to) {
                events.add(how + " " + to);
            }

            @Override
            public void opaque(int id) {
                events.add("opaque " + Integer.toHexString(id));
            }
        });
    }

    private static byte[] zone(int id, int length, Place to) {
        return Packet.fixed(id, length)
                .u32(2, 150_001)
                .text(6, 16, "prt_fild08.gat")
                .i32be(22, to.ip())
                .u16(26, to.port())
                .bytes();
    }

    private static byte[] zone(Place to) {
        return zone(ClientPackets.ZONE_SERVER, 156, to);
    }

    /** What a stock char-server says until the character is chosen. */
    private static byte[] lists() {
        return concat(
                Packet.variable(0x082d, 29).bytes(),
                Packet.variable(0x006b, 27 + 2 * 155)
                        .u16(40, ClientPackets.ZONE_SERVER)
                        .bytes(),
                Packet.fixed(0x09a0, 6).bytes(),
                Packet.variable(0x020d, 4).bytes(),
                Packet.fixed(0x08b9, 12).bytes(),
                Packet.variable(0x099d, 4 + 155).bytes());
    }

    static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] pass(ToClient through, byte[] bytes, int... tornAt) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int from = 0;
        for (int i = 0; i <= tornAt.length; i++) {
            int to = i < tornAt.length ? tornAt[i] : bytes.length;
            ByteBuf in = UnpooledByteBufAllocator.DEFAULT.buffer();
            in.writeBytes(bytes, from, to - from);
            from = to;
            ByteBuf passed = through.pass(in);
            out.writeBytes(ByteBufUtil.getBytes(passed));
            passed.release();
        }
        ByteBuf rest = through.rest();
        out.writeBytes(ByteBufUtil.getBytes(rest));
        rest.release();
        return out.toByteArray();
    }

    @Test
    void frontsAddressBecomesThisRelaysWhereverTheStreamIsTorn() {
        byte[] all =
                concat(GREETING, lists(), zone(FRONT), Packet.fixed(0x0081, 3).bytes());
        byte[] expected =
                concat(GREETING, lists(), zone(OWN), Packet.fixed(0x0081, 3).bytes());
        for (int at = 0; at <= all.length; at++) {
            events.clear();
            assertThat(pass(toClient(), all, at)).as("torn at %d", at).isEqualTo(expected);
            assertThat(events).as("torn at %d", at).containsExactly("let in", "OWN " + FRONT);
        }
        int[] everywhere = new int[all.length - 1];
        for (int i = 0; i < everywhere.length; i++) {
            everywhere[i] = i + 1;
        }
        assertThat(pass(toClient, all, everywhere)).isEqualTo(expected);
    }

    @Test
    void olderFormIsChangedToo() {
        byte[] all = concat(GREETING, zone(ClientPackets.ZONE_SERVER_IP, 28, FRONT));
        for (int at = 0; at <= all.length; at++) {
            assertThat(pass(toClient(), all, at))
                    .isEqualTo(concat(GREETING, zone(ClientPackets.ZONE_SERVER_IP, 28, OWN)));
        }
    }

    @Test
    void addressesThatAreNoFrontsStay() {
        byte[] core = concat(GREETING, lists(), zone(CORE));
        assertThat(pass(toClient(), core, 99)).isEqualTo(core);
        byte[] loopback = concat(GREETING, lists(), zone(Place.parse("127.0.0.1:5121")));
        assertThat(pass(toClient(), loopback, 99)).isEqualTo(loopback);
        assertThat(events).containsExactly("let in", "OTHER 203.0.113.5:5121", "let in", "LOOPBACK 127.0.0.1:5121");
    }

    /** Clients take the name, so another address would change nothing. */
    @Test
    void addressWithANameStays() {
        byte[] named = Packet.of(zone(FRONT)).text(28, 128, "play.example:7000").bytes();
        byte[] all = concat(GREETING, named);
        assertThat(pass(toClient, all)).isEqualTo(all);
        assertThat(events).containsExactly("let in", "OTHER " + FRONT);
    }

    @Test
    void charactersAreChosenAgainAndAgain() {
        byte[] all = concat(GREETING, zone(FRONT), Packet.variable(0x0840, 24).bytes(), zone(CORE), zone(FRONT));
        assertThat(pass(toClient, all, 170, 330))
                .isEqualTo(
                        concat(GREETING, zone(OWN), Packet.variable(0x0840, 24).bytes(), zone(CORE), zone(OWN)));
    }

    @Test
    void fromAnUnknownPacketOnNothingIsTouched() {
        byte[] unknown = {(byte) 0xf0, (byte) 0xff, 1, 2, 3};
        byte[] all = concat(GREETING, lists(), unknown, zone(FRONT));
        for (int at = 0; at <= all.length; at++) {
            events.clear();
            assertThat(pass(toClient(), all, at)).isEqualTo(all);
            assertThat(events).containsExactly("let in", "opaque fff0");
        }
    }

    @Test
    void lengthThatCannotBeEndsTheReading() {
        byte[] wrong = {0x6b, 0, 3, 0};
        byte[] all = concat(GREETING, wrong, zone(FRONT));
        for (int at = 0; at <= all.length; at++) {
            assertThat(pass(toClient(), all, at)).isEqualTo(all);
        }
        assertThat(events).contains("opaque 6b");
    }

    @Test
    void refusedClientIsNotLetIn() {
        for (byte[] no :
                List.of(Packet.fixed(0x006c, 3).bytes(), Packet.fixed(0x0081, 3).bytes())) {
            byte[] all = concat(GREETING, no);
            assertThat(pass(toClient(), all, 5)).isEqualTo(all);
            // The end comes right behind it, and without the greeting it is shorter than one.
            assertThat(pass(toClient(), no)).isEqualTo(no);
        }
        assertThat(events).isEmpty();
    }

    @Test
    void charServerThatDoesNotGreetIsReadAllTheSame() {
        assertThat(pass(toClient, concat(lists(), zone(FRONT)), 2)).isEqualTo(concat(lists(), zone(OWN)));
    }

    @Test
    void whatIsHeldIsLessThanThePacketThatIsAwaited() {
        byte[] all = concat(GREETING, zone(FRONT));
        ByteBuf in = Unpooled.copiedBuffer(all, 0, all.length - 1);
        ByteBuf passed = toClient.pass(in);
        assertThat(passed.readableBytes()).isEqualTo(4);
        passed.release();
        ByteBuf rest = toClient.rest();
        assertThat(rest.readableBytes()).isEqualTo(155);
        rest.release();
    }
}
