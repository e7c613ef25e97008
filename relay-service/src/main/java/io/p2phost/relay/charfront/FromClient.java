package io.p2phost.relay.charfront;

import io.netty.buffer.ByteBuf;
import io.p2phost.relay.charfront.CharFrontMetrics.Refused;
import io.p2phost.ro.PacketLengths;
import org.jspecify.annotations.Nullable;

/** Looks where a client's packets begin, so that nobody plays map-server at the port that both kinds share. */
final class FromClient {
    private static final int NONE = -1;

    private final PacketLengths lengths;
    private boolean first = true;
    private int left;
    private int lowByte = NONE;

    FromClient(PacketLengths lengths) {
        this.lengths = lengths;
    }

    /** Why these bytes must not go on; null when they may. They stay as they are. */
    @Nullable
    Refused look(ByteBuf bytes) {
        int at = bytes.readerIndex();
        while (at < bytes.writerIndex()) {
            if (left > 0) {
                int passed = Math.min(left, bytes.writerIndex() - at);
                left -= passed;
                at += passed;
            } else if (lowByte == NONE) {
                lowByte = bytes.getUnsignedByte(at++);
            } else {
                int id = bytes.getUnsignedByte(at++) << 8 | lowByte;
                lowByte = NONE;
                int length = lengths.of(id);
                if (CharClientPackets.isInterServer(id)) {
                    return Refused.INTER_SERVER;
                }
                if (first && id != CharClientPackets.ENTER) {
                    return Refused.NO_CLIENT;
                }
                first = false;
                if (length < 2) {
                    return Refused.UNKNOWN_PACKET;
                }
                left = length - 2;
            }
        }
        return null;
    }
}
