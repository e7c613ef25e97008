package io.p2phost.bench;

import io.p2phost.ro.Packet;
import io.p2phost.ro.client.ClientToMap;
import java.io.ByteArrayOutputStream;
import java.util.List;

/**
 * What map-servers and clients of 2020-04-01 say to each other. A message is what a map-server sends one player at once:
 * a few packets.
 */
final class RelayTraffic {
    /** What all players hear, or say. */
    interface Mix {
        /** The message with that number, for that player; the same one for all where that makes no difference. */
        byte[] toPlayer(int account, long number);

        byte[] toServer(long number);
    }

    private static final int UNIT_WALKS = 0x0086;
    private static final int UNIT_WALKS_LENGTH = 16;
    private static final int UNIT_COMES = 0x09fd;
    private static final int UNIT_COMES_LENGTH = 114;
    private static final int DAMAGE = 0x08c8;
    private static final int DAMAGE_LENGTH = 34;
    private static final int SAID = 0x008d;
    private static final int STORAGE = 0x0b09;
    private static final int WALK_LENGTH = 5;

    /** 64 to 248 bytes, 127 on average. */
    static final List<byte[]> TO_PLAYER = List.of(
            of(walks(), walks(), walks(), walks()),
            of(comes()),
            of(damage(), walks(), walks()),
            of(said(84)),
            of(damage(), damage(), walks()),
            of(comes(), comes()),
            of(walks(), walks(), walks(), walks(), walks(), walks(), walks(), walks()),
            of(comes(), walks(), walks(), damage(), damage(), damage()));

    /** He walks: hardly anything else that a client says is longer. */
    static final List<byte[]> TO_SERVER = List.of(of(Packet.fixed(ClientToMap.WALK_REQUEST, WALK_LENGTH)));

    /** 16 KiB: a well-filled storage, as one packet. */
    static final byte[] BULK = of(Packet.variable(STORAGE, 16_384));

    /** What there is most of. */
    static final Mix USUAL = new Mix() {
        @Override
        public byte[] toPlayer(int account, long number) {
            return TO_PLAYER.get((int) (number % TO_PLAYER.size()));
        }

        @Override
        public byte[] toServer(long number) {
            return TO_SERVER.get((int) (number % TO_SERVER.size()));
        }
    };

    private RelayTraffic() {}

    private static Packet walks() {
        return Packet.fixed(UNIT_WALKS, UNIT_WALKS_LENGTH);
    }

    private static Packet comes() {
        return Packet.variable(UNIT_COMES, UNIT_COMES_LENGTH);
    }

    private static Packet damage() {
        return Packet.fixed(DAMAGE, DAMAGE_LENGTH);
    }

    private static Packet said(int length) {
        return Packet.variable(SAID, length);
    }

    private static byte[] of(Packet... packets) {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        for (Packet packet : packets) {
            message.writeBytes(packet.bytes());
        }
        return message.toByteArray();
    }
}
