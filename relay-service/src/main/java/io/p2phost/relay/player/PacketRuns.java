package io.p2phost.relay.player;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.p2phost.links.Bytes;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLengths;
import io.p2phost.ro.client.ClientIds;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Passes one direction of a connection on in whole packets. Packets stay where they arrived: what needs no look goes on as
 * a slice, however many packets it holds; only a packet that its end has not reached yet is copied. Watched packets are
 * shown to a judge, who may take them out or put others before them.
 *
 * <p>A packet that is unknown, or of an impossible length, makes the stream opaque: nobody can tell where the next begins,
 * so everything from it on is passed as it comes.
 */
final class PacketRuns {
    private static final int UNKNOWN = -1;
    private static final int HEADER = 2;

    private final PacketLengths lengths;
    private final ClientIds ids;
    private final IntPredicate watched;
    private final Judge judge;
    private final Consumer<ByteBuf> out;
    private @Nullable Glance glance;
    private Gate gate = (id, length) -> true;
    private boolean watchesAll;
    private boolean opaque;
    private boolean stopped;
    private long packets;

    /** The begin of a packet whose end has not come. */
    private @Nullable ByteBuf held;

    // While a buffer is looked through: where the packets begin that were not given out yet, and the one being judged.
    private @Nullable ByteBuf current;
    private int runStart;
    private int judged;

    /** Who looks at all packets where they lie, before the judge does, and leaves them alone. */
    interface Glance {
        /** A whole packet, by its standard id; it is only lent, and only for the call. */
        void at(int id, ByteBuf in, int at, int length);
    }

    /** Packets that do not pass go nowhere, and nobody looks at them. */
    interface Gate {
        /** By the packet's standard id and its bytes. */
        boolean passes(int id, int length);
    }

    /** Who looks at watched packets. */
    interface Judge {
        /** Whether the packet goes on; it has bytes of its own. */
        boolean keeps(Packet packet);

        /** From here on nobody knows what the bytes mean. */
        void opaque();
    }

    /** @param ids what the sender calls packets; the judge knows them by their standard ids */
    PacketRuns(PacketLengths lengths, ClientIds ids, IntPredicate watched, Judge judge, Consumer<ByteBuf> out) {
        this.lengths = lengths;
        this.ids = ids;
        this.watched = watched;
        this.judge = judge;
        this.out = out;
    }

    /** Every packet is shown to the judge, or only the watched ones. */
    void watchAll(boolean all) {
        watchesAll = all;
    }

    /** Somebody looks from now on, or nobody any more. */
    void glance(@Nullable Glance other) {
        glance = other;
    }

    void gate(Gate other) {
        gate = other;
    }

    boolean isOpaque() {
        return opaque;
    }

    /** Packets seen so far. */
    long packets() {
        return packets;
    }

    /** Bytes that wait for the rest of their packet. */
    int held() {
        return held == null ? 0 : held.readableBytes();
    }

    /** The begin of a packet whose end has not come. */
    Bytes half() {
        return held == null ? Bytes.NONE : Bytes.of(held);
    }

    /** Another had the stream until now. */
    void goOnFrom(Bytes half, boolean wasOpaque) {
        opaque = wasOpaque;
        if (!half.isEmpty()) {
            feed(half.toBuffer());
        }
    }

    /** Takes bytes, and owns the buffer. */
    void feed(ByteBuf in) {
        try {
            while (held != null && in.isReadable() && !opaque && !stopped) {
                completeHeld(in);
            }
            if (opaque && !stopped) {
                out.accept(in.retainedSlice());
            } else if (!stopped) {
                scan(in);
            }
        } finally {
            in.release();
        }
    }

    /** Gives out what came before the packet that is being judged, so that something can be put between. */
    void flush() {
        if (current != null) {
            giveUpTo(current, judged);
        }
    }

    /** Nothing comes out any more. */
    void stop() {
        flush();
        stopped = true;
        if (held != null) {
            held.release();
            held = null;
        }
    }

    private void scan(ByteBuf in) {
        int at = in.readerIndex();
        int end = in.writerIndex();
        current = in;
        runStart = at;
        try {
            while (!stopped) {
                int length = lengthOf(in, at, end - at);
                if (length == UNKNOWN) {
                    judged = at;
                    flush();
                    becomeOpaque(in.retainedSlice(at, end - at));
                    return;
                }
                if (length == 0 || length > end - at) {
                    break;
                }
                packets++;
                int next = at + length;
                if (!keeps(in, at, length)) {
                    flush();
                    runStart = next;
                }
                at = next;
            }
            if (!stopped) {
                giveUpTo(in, at);
                hold(in, at, end);
            }
        } finally {
            current = null;
        }
    }

    private void giveUpTo(ByteBuf in, int at) {
        if (at > runStart) {
            ByteBuf run = in.retainedSlice(runStart, at - runStart);
            runStart = at;
            out.accept(run);
        }
    }

    private void hold(ByteBuf in, int at, int end) {
        if (at < end) {
            int whole = lengthOf(in, at, end - at);
            held = in.alloc().buffer(Math.max(whole, Packet.VARIABLE_HEADER));
            held.writeBytes(in, at, end - at);
        }
    }

    /** Adds what the held packet lacks, first its header, then the rest. */
    private void completeHeld(ByteBuf in) {
        ByteBuf packet = held;
        if (packet == null) {
            return;
        }
        int had = packet.readableBytes();
        int whole = lengthOf(packet, packet.readerIndex(), had);
        int wanted = whole > 0 ? whole : had < HEADER ? HEADER : Packet.VARIABLE_HEADER;
        packet.writeBytes(in, Math.min(wanted - had, in.readableBytes()));
        int length = lengthOf(packet, packet.readerIndex(), packet.readableBytes());
        if (length == UNKNOWN) {
            held = null;
            becomeOpaque(packet);
        } else if (length > 0 && length == packet.readableBytes()) {
            held = null;
            packets++;
            if (keeps(packet, packet.readerIndex(), length) && !stopped) {
                out.accept(packet);
            } else {
                packet.release();
            }
        }
    }

    private void becomeOpaque(ByteBuf rest) {
        opaque = true;
        judge.opaque();
        if (stopped) {
            rest.release();
        } else {
            out.accept(rest);
        }
    }

    private boolean keeps(ByteBuf in, int at, int length) {
        int id = ids.standard(in.getUnsignedShortLE(at));
        judged = at;
        if (!gate.passes(id, length)) {
            return false;
        }
        if (glance != null) {
            glance.at(id, in, at, length);
        }
        return !(watchesAll || watched.test(id)) || judge.keeps(copy(in, at, length));
    }

    private Packet copy(ByteBuf in, int at, int length) {
        byte[] bytes = new byte[length];
        in.getBytes(at, bytes);
        Packet packet = Packet.of(bytes);
        return packet.u16(0, ids.standard(packet.id()));
    }

    static ByteBuf bytes(Packet packet) {
        return Unpooled.wrappedBuffer(packet.bytes());
    }

    /** 0 while the bytes there are do not tell yet. */
    private int lengthOf(ByteBuf in, int at, int available) {
        if (available < HEADER) {
            return 0;
        }
        int id = in.getUnsignedShortLE(at);
        int length = lengths.of(id);
        if (length == PacketLengths.VARIABLE) {
            if (available < Packet.VARIABLE_HEADER) {
                return 0;
            }
            length = in.getUnsignedShortLE(at + HEADER);
            return length < lengths.leastOf(id) ? UNKNOWN : length;
        }
        return length == PacketLengths.UNKNOWN ? UNKNOWN : length;
    }
}
