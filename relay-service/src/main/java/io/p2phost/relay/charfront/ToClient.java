package io.p2phost.relay.charfront;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.p2phost.relay.charfront.CharFrontMetrics.Named;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLengths;
import io.p2phost.ro.client.ClientPackets;
import io.p2phost.ro.client.MapToClient;
import io.p2phost.ro.client.ZoneServer;

/**
 * What a char-server sends a client: it goes on untouched, but for the packet that names a map-server. That one names this
 * relay when it named the front of any. At a packet whose length is not known the rest goes on as it is.
 */
final class ToClient {
    private static final int HC_REFUSED = 0x006c;
    private static final int GREETING = 4;
    private static final int ID = 2;

    private final PacketLengths lengths;
    private final int account;
    private final CharFront.Addresses addresses;
    private final Events events;
    /** The beginning of what cannot be judged yet: less than the packet that names an address. */
    private ByteBuf held = Unpooled.EMPTY_BUFFER;

    private boolean greeted;
    private boolean letIn;
    private boolean opaque;
    private int left;

    /** What was seen. */
    interface Events {
        /** The char-server has let the client in. */
        void letIn();

        /** It has sent the client to a map-server. */
        void named(Named how, Place to);

        /** From here on nothing can be told. */
        void opaque(int id);
    }

    ToClient(PacketLengths lengths, int account, CharFront.Addresses addresses, Events events) {
        this.lengths = lengths;
        this.account = account;
        this.addresses = addresses;
        this.events = events;
    }

    /** What goes on of these bytes and those held before, which may be nothing. Takes them, gives the result. */
    ByteBuf pass(ByteBuf received) {
        ByteBuf bytes = received;
        if (held.isReadable()) {
            bytes = received.alloc().buffer(held.readableBytes() + received.readableBytes());
            bytes.writeBytes(held).writeBytes(received);
            received.release();
            release();
        }
        int end = end(bytes);
        if (end < bytes.writerIndex()) {
            held = bytes.alloc().buffer(bytes.writerIndex() - end);
            held.writeBytes(bytes, end, bytes.writerIndex() - end);
            bytes.writerIndex(end);
        }
        return bytes;
    }

    /** What is held, when nothing more comes. */
    ByteBuf rest() {
        ByteBuf last = held;
        held = Unpooled.EMPTY_BUFFER;
        return last;
    }

    void release() {
        rest().release();
    }

    /** How far the bytes go on. */
    private int end(ByteBuf bytes) {
        int at = bytes.readerIndex();
        while (!opaque) {
            int available = bytes.writerIndex() - at;
            if (left > 0) {
                int passed = Math.min(left, available);
                left -= passed;
                at += passed;
                if (left > 0) {
                    return at;
                }
                continue;
            }
            if (!greeted) {
                if (available < GREETING) {
                    return at;
                }
                greeted = true;
                // A char-server that begins with a packet is taken at its word.
                at += bytes.getIntLE(at) == account ? GREETING : 0;
                continue;
            }
            if (available < ID) {
                return at;
            }
            int id = bytes.getUnsignedShortLE(at);
            int length = lengths.of(id);
            if (length == PacketLengths.VARIABLE) {
                if (available < Packet.VARIABLE_HEADER) {
                    return at;
                }
                length = bytes.getUnsignedShortLE(at + ID);
                if (length < Packet.VARIABLE_HEADER) {
                    length = PacketLengths.UNKNOWN;
                }
            }
            if (namesAddress(id) && length == expected(id)) {
                if (available < length) {
                    return at;
                }
                isLetIn();
                name(bytes, at, length);
            }
            if (length == PacketLengths.UNKNOWN) {
                opaque = true;
                events.opaque(id);
                isLetIn();
            } else {
                left = length;
                if (id != HC_REFUSED && id != MapToClient.REFUSED) {
                    isLetIn();
                }
            }
        }
        return bytes.writerIndex();
    }

    private void isLetIn() {
        if (!letIn) {
            letIn = true;
            events.letIn();
        }
    }

    private static boolean namesAddress(int id) {
        return id == ClientPackets.ZONE_SERVER || id == ClientPackets.ZONE_SERVER_IP;
    }

    private static int expected(int id) {
        return ClientPackets.CHAR_TO_CLIENT.packet(id).length();
    }

    private void name(ByteBuf bytes, int at, int length) {
        byte[] copy = new byte[length];
        bytes.getBytes(at, copy);
        ZoneServer zone = new ZoneServer(Packet.of(copy));
        Place to = new Place(zone.ip(), zone.port());
        // Clients take a name before an address; a char-server that fills it in says more than is known here.
        if (addresses.fronts().contains(to) && zone.domain().isEmpty()) {
            zone.address(addresses.own().ip(), addresses.own().port());
            bytes.setBytes(at, copy);
            events.named(Named.OWN, to);
        } else {
            events.named(to.isLoopback() ? Named.LOOPBACK : Named.OTHER, to);
        }
    }
}
