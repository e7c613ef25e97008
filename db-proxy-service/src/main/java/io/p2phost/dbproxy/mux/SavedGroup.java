package io.p2phost.dbproxy.mux;

import io.p2phost.ro.Packet;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What a map-server saved of one character at once, as the journal keeps it: all of it or nothing. Either a save group, whose
 * last packet is the character's record (2b01), or one save outside the groups (quests, a pet …).
 *
 * @param body each packet's length and deflated length (32 bits each, big-endian) and its deflated bytes
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record SavedGroup(int account, int character, byte[] body) {
    private static final int HEAD = 2 * Integer.BYTES;

    static SavedGroup of(PlayerSession session, List<Compressed> packets) {
        return of(session.account, session.character, packets);
    }

    static SavedGroup of(int account, int character, List<Compressed> packets) {
        ByteBuffer body = ByteBuffer.allocate(
                packets.stream().mapToInt(packet -> HEAD + packet.size()).sum());
        packets.forEach(packet -> packet.write(body));
        return new SavedGroup(account, character, body.array());
    }

    /**
     * The packets.
     *
     * @throws IllegalArgumentException if the body is none that {@link #of} made
     */
    public List<Packet> packets() {
        try {
            return kept().stream().map(each -> Packet.of(each.plain())).toList();
        } catch (IllegalStateException e) {
            throw damaged(e);
        }
    }

    /** The packets as they are in the body. */
    List<Compressed> kept() {
        ByteBuffer from = ByteBuffer.wrap(body);
        List<Compressed> packets = new ArrayList<>();
        try {
            while (from.hasRemaining()) {
                packets.add(Compressed.read(from));
            }
        } catch (BufferUnderflowException | IllegalStateException e) {
            throw damaged(e);
        }
        return packets;
    }

    IllegalArgumentException damaged(RuntimeException cause) {
        return new IllegalArgumentException("saved group of character " + character + ": damaged", cause);
    }
}
