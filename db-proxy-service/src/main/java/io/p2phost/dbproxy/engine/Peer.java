package io.p2phost.dbproxy.engine;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.p2phost.dbproxy.mux.Wire;
import io.p2phost.ro.FramingException;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketFramer;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of the multiplexer, in whole packets. Bytes are framed on the transport's thread; everything else happens
 * on the loop. Bounded both ways: the transport is told to go on only when what it brought has been worked off, and a peer
 * that does not take what is sent to it is cut.
 */
final class Peer implements Wire {
    /** Packets of one peer that are worked off before it is the next one's turn. */
    private static final int TURN = 64;

    private static final Logger log = LoggerFactory.getLogger(Peer.class);

    private final String name;
    private final MuxLoop loop;
    private final Transport transport;
    private final PacketFramer framer;
    private final int maxUnsent;
    private final Consumer<Packet> onPacket;
    private final Runnable onClosed;
    private final Queue<Chunk> inbox = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();

    // On the loop only.
    private final List<byte[]> unsent = new ArrayList<>();
    private int unsentBytes;
    private @Nullable OutputGate gate;
    /** Bytes behind the gate. */
    private int heldBytes;

    private @Nullable Valve valve;
    private boolean ended;

    /** What arrived at once; {@code end} says why nothing follows. */
    private static final class Chunk {
        private final List<Packet> packets;
        private final int bytes;
        private final @Nullable String end;
        private int done;

        Chunk(List<Packet> packets, int bytes, @Nullable String end) {
            this.packets = packets;
            this.bytes = bytes;
            this.end = end;
        }
    }

    /**
     * Makes a peer.
     *
     * @param maxUnsent unsent bytes from which on it is cut
     * @param onPacket each packet, on the loop
     * @param onClosed once, on the loop, whoever ended the connection; at once when this side did
     */
    Peer(
            String name,
            MuxLoop loop,
            Transport transport,
            PacketFramer framer,
            int maxUnsent,
            Consumer<Packet> onPacket,
            Runnable onClosed) {
        this.name = name;
        this.loop = loop;
        this.transport = transport;
        this.framer = framer;
        this.maxUnsent = maxUnsent;
        this.onPacket = onPacket;
        this.onClosed = onClosed;
    }

    // ---- from the transport, on its thread ----

    /** Takes ownership of the buffer. */
    void received(ByteBuf bytes) {
        int length = bytes.readableBytes();
        byte[] plain = ByteBufUtil.getBytes(bytes);
        bytes.release();
        List<Packet> packets = new ArrayList<>();
        String fault = null;
        try {
            framer.feed(plain, 0, length, packets::add);
        } catch (FramingException e) {
            fault = "sends what is no packet: " + e.getMessage();
        }
        put(new Chunk(packets, length, fault));
    }

    /** Nothing more will come. */
    void gone() {
        put(new Chunk(List.of(), 0, "the connection ended"));
    }

    private void put(Chunk chunk) {
        inbox.add(chunk);
        schedule();
    }

    private void schedule() {
        if (scheduled.compareAndSet(false, true)) {
            loop.soon(this::work);
        }
    }

    // ---- on the loop ----

    /** What this peer sends goes there: it waits while that is shut. */
    void writesTo(Valve target) {
        valve = target;
    }

    /** What is sent to this peer waits for the journal. */
    void behind(OutputGate journal) {
        gate = journal;
    }

    private void work() {
        int budget = TURN;
        for (Chunk chunk = inbox.peek(); chunk != null && !ended; chunk = inbox.peek()) {
            while (chunk.done < chunk.packets.size() && !ended) {
                Valve ahead = valve;
                if (ahead != null && ahead.isShut()) {
                    ahead.await(() -> loop.execute(this::work));
                    return;
                }
                if (budget-- == 0) {
                    loop.execute(this::work);
                    return;
                }
                Packet packet = chunk.packets.get(chunk.done++);
                loop.guarded(() -> onPacket.accept(packet));
            }
            inbox.remove();
            transport.taken(chunk.bytes);
            if (chunk.end != null) {
                close(chunk.end);
            }
        }
        if (ended) {
            inbox.clear();
            return;
        }
        scheduled.set(false);
        if (!inbox.isEmpty()) {
            schedule();
        }
    }

    @Override
    public void send(Packet packet) {
        if (ended) {
            return;
        }
        if (unsent.isEmpty()) {
            loop.atTurnsEnd(this::flush);
        }
        unsent.add(packet.bytes());
        unsentBytes += packet.length();
        if (unsentBytes + heldBytes + transport.unsent() > maxUnsent) {
            log.warn("{}: does not take what is sent to it (more than {} bytes wait)", name, maxUnsent);
            unsent.clear();
            unsentBytes = 0;
            transport.cut();
            end();
        }
    }

    private void flush() {
        if (unsent.isEmpty()) {
            return;
        }
        byte[] all = unsent.getFirst();
        if (unsent.size() > 1) {
            all = new byte[unsentBytes];
            int at = 0;
            for (byte[] packet : unsent) {
                System.arraycopy(packet, 0, all, at, packet.length);
                at += packet.length;
            }
        }
        unsent.clear();
        unsentBytes = 0;
        byte[] bytes = all;
        heldBytes += bytes.length;
        pass(() -> {
            heldBytes -= bytes.length;
            transport.write(Unpooled.wrappedBuffer(bytes));
        });
    }

    private void pass(Runnable output) {
        OutputGate journal = gate;
        if (journal == null) {
            output.run();
        } else {
            journal.pass(output);
        }
    }

    @Override
    public void close(String reason) {
        if (!ended) {
            log.info("{}: {}", name, reason);
            flush();
            pass(transport::finish);
            end();
        }
    }

    private void end() {
        ended = true;
        onClosed.run();
    }

    Transport transport() {
        return transport;
    }

    @Override
    public String toString() {
        return name;
    }
}
