package io.p2phost.dbproxy.suite;

import io.p2phost.ro.FramingException;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketFramer;
import io.p2phost.ro.PacketLengths;
import io.p2phost.ro.client.ClientVersions;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * A connection between client and map-server, cut into whole packets; part of a packet at its end is dropped. What
 * arrives is told on the relay's loop, and nothing more is read before that is done.
 */
final class PacketSocket {
    private static final PacketLengths LENGTHS = ClientVersions.builtIn().lengths(ClientVersions.BUILT_IN);
    private static final int LONGEST = Short.MAX_VALUE;
    private static final int READ_BYTES = 16_384;
    private static final int MOST_UNSENT = 8_192;
    private static final byte[] END = new byte[0];

    private final Socket socket;
    private final Executor loop;
    private final Listener listener;
    private final BlockingQueue<byte[]> unsent = new ArrayBlockingQueue<>(MOST_UNSENT);
    private boolean over;

    /** What comes from the peer; on the loop. */
    interface Listener {
        void packet(Packet packet);

        /** The peer ended it. Not called for {@link #close}. */
        void closed();
    }

    PacketSocket(Socket socket, Executor loop, Listener listener) throws IOException {
        this.socket = socket;
        this.loop = loop;
        this.listener = listener;
        socket.setTcpNoDelay(true);
    }

    void start() {
        Thread.ofVirtual().name("read " + socket).start(this::read);
        Thread.ofVirtual().name("write " + socket).start(this::write);
    }

    /** Sends it in a write of its own; on the loop. */
    void send(Packet packet) {
        if (!over && !unsent.offer(packet.bytes())) {
            // A peer that does not read is a peer that is gone.
            cut();
        }
    }

    /** Ends it behind what was sent; on the loop. */
    void close() {
        over = true;
        end();
    }

    private void end() {
        if (!unsent.offer(END)) {
            cut();
        }
    }

    /** Ends it at once, from any thread. */
    void cut() {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }

    private void write() {
        try {
            byte[] bytes = unsent.take();
            while (bytes.length > 0) {
                socket.getOutputStream().write(bytes);
                bytes = unsent.take();
            }
        } catch (IOException e) {
            // The reader tells.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            cut();
        }
    }

    private void read() {
        PacketFramer framer = new PacketFramer(LENGTHS, LONGEST);
        byte[] bytes = new byte[READ_BYTES];
        try (InputStream in = socket.getInputStream()) {
            int length;
            while ((length = in.read(bytes)) >= 0) {
                if (!isFed(framer, bytes, length)) {
                    break;
                }
            }
            tellEnd();
        } catch (IOException e) {
            // Cut off: nobody promised more.
            tellEnd();
        } finally {
            cut();
            end();
        }
    }

    /** Whether more may come. */
    private boolean isFed(PacketFramer framer, byte[] bytes, int length) {
        CompletableFuture<Boolean> fed = new CompletableFuture<>();
        try {
            loop.execute(() -> {
                try {
                    framer.feed(bytes, 0, length, this::take);
                    fed.complete(true);
                } catch (FramingException e) {
                    // Its peer speaks another language: the connection ends.
                    fed.complete(false);
                } finally {
                    fed.complete(false);
                }
            });
        } catch (RejectedExecutionException e) {
            return false;
        }
        return fed.join();
    }

    private void tellEnd() {
        try {
            loop.execute(() -> {
                if (!over) {
                    over = true;
                    listener.closed();
                }
            });
        } catch (RejectedExecutionException e) {
            // The relay is closed already.
        }
    }

    private void take(Packet packet) {
        if (!over) {
            listener.packet(packet);
        }
    }
}
