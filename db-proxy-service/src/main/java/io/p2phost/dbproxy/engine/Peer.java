package io.p2phost.dbproxy.engine;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.p2phost.dbproxy.mux.Wire;
import io.p2phost.ro.FramingException;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketFramer;
import java.time.Duration;
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
 * that does not take what is sent to it is not listened to, and in the end cut.
 */
final class Peer implements Wire {
    /** Packets of one peer that are worked off before it is the next one's turn. */
    private static final int TURN = 64;

    /** Bytes that may wait for anybody without counting among those of all. */
    private static final int LITTLE = 64 << 10;

    private static final Logger log = LoggerFactory.getLogger(Peer.class);

    private final String name;
    private final MuxLoop loop;
    private final Transport transport;
    private final PacketFramer framer;
    private final Patience patience;
    private final Consumer<Packet> onPacket;
    private final Runnable onClosed;
    private final Queue<Chunk> inbox = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private volatile boolean over;

    // On the loop only.
    private final List<byte[]> unsent = new ArrayList<>();
    private int unsentBytes;
    private @Nullable OutputGate gate;
    /** Bytes behind the gate. */
    private int heldBytes;
    /** Bytes that the transport was given, ever, and how many of them it has to have got rid of by when. */
    private long given;

    private long goal;
    private long goalBy;
    private boolean hasGoal;
    /** Of what waits: so much the crowd knows of. */
    private int counted;

    private @Nullable Valve valve;
    /** It is not listened to until it has taken more. */
    private boolean deaf;

    private boolean ended;

    /**
     * What may wait for a peer.
     *
     * @param pauseAt unsent bytes from which on it is not listened to: most of what is sent answers it
     * @param cutAt unsent bytes from which on it is cut
     * @param crowd with whom it shares a bound; null: with nobody
     * @param onStalled run when it is cut because it takes nothing
     */
    record Patience(int pauseAt, int cutAt, @Nullable Crowd crowd, Runnable onStalled) {
        /** It speaks whatever waits for it, and is cut at so many bytes. */
        static Patience until(int cutAt) {
            return new Patience(Integer.MAX_VALUE, cutAt, null, () -> {});
        }
    }

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
     * @param onPacket each packet, on the loop
     * @param onClosed once, on the loop, whoever ended the connection; at once when this side did
     */
    Peer(
            String name,
            MuxLoop loop,
            Transport transport,
            PacketFramer framer,
            Patience patience,
            Consumer<Packet> onPacket,
            Runnable onClosed) {
        this.name = name;
        this.loop = loop;
        this.transport = transport;
        this.framer = framer;
        this.patience = patience;
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

    /** Nothing more will come, nor be taken. */
    void gone() {
        put(new Chunk(List.of(), 0, "the connection ended"));
        over = true;
        drained();
    }

    /** It has taken some of what waited. */
    void drained() {
        loop.soon(this::listenAgain);
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
                if (hasTooMuchAhead()) {
                    deaf = true;
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
            if (patience.crowd != null) {
                patience.crowd.joined(this);
            }
        }
        unsent.add(packet.bytes());
        unsentBytes += packet.length();
        int waiting = backlog();
        counted = Math.min(counted, waiting);
        if (waiting > patience.cutAt) {
            cut();
        } else if (patience.crowd != null && waiting - counted > LITTLE) {
            counted = waiting;
            patience.crowd.grew(this);
        }
    }

    /** Bytes that wait to be taken. */
    int backlog() {
        return ended ? 0 : unsentBytes + heldBytes + transport.unsent();
    }

    /**
     * Whether it had its time for what waited, or for as much of it as it may leave waiting and still be listened to. What
     * the journal holds back is not its fault.
     *
     * @param anew its time begins now
     */
    boolean isStalled(long now, boolean anew, Duration within) {
        int waiting = transport.unsent();
        long taken = given - waiting;
        if (waiting == 0 || over) {
            // What it said last may still wait to be worked off; it takes nothing any more, and is nobody's fault.
            hasGoal = false;
        } else if (!hasGoal || anew || taken >= goal) {
            hasGoal = true;
            goal = taken + Math.min(waiting, patience.pauseAt);
            goalBy = now + within.toNanos();
        } else {
            return now - goalBy >= 0;
        }
        return false;
    }

    /** It takes nothing. */
    void stall(Duration within) {
        if (!ended) {
            log.warn("{}: takes nothing of what is sent to it for {}", name, within);
            patience.onStalled.run();
            cut();
        }
    }

    /** It has not taken enough. */
    void cut() {
        if (!ended) {
            log.warn("{}: does not take what is sent to it ({} bytes wait)", name, backlog());
            unsent.clear();
            unsentBytes = 0;
            transport.cut();
            end();
        }
    }

    private boolean hasTooMuchAhead() {
        return !over && backlog() > patience.pauseAt;
    }

    private void listenAgain() {
        if (deaf && !hasTooMuchAhead()) {
            deaf = false;
            work();
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
            given += bytes.length;
            transport.write(Unpooled.wrappedBuffer(bytes));
            if (deaf) {
                loop.execute(this::listenAgain);
            }
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
    public boolean isFlowing() {
        Valve ahead = valve;
        return ahead == null || !ahead.isShut();
    }

    @Override
    public void close(String reason) {
        if (!ended) {
            log.info("{}: {}", name, reason);
            if (patience.crowd != null && backlog() > LITTLE) {
                // It would wait here, and count for nobody, for as long as the host likes.
                transport.cut();
            } else {
                flush();
                pass(transport::finish);
            }
            end();
        }
    }

    private void end() {
        ended = true;
        if (patience.crowd != null) {
            patience.crowd.left(this);
        }
        if (deaf) {
            loop.execute(this::listenAgain);
        }
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
