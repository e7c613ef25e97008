package io.p2phost.relay;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.p2phost.relay.codec.StreamCodec.Direction;
import io.p2phost.ro.FramingException;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketFramer;
import io.p2phost.ro.PacketLengths;
import io.p2phost.ro.client.ClientToMap;
import io.p2phost.ro.client.ClientVersions;
import io.p2phost.ro.client.Enter;
import io.p2phost.ro.client.MapToClient;
import io.p2phost.ro.client.OwnLine;
import io.p2phost.ro.client.Say;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** A map-server that lets everybody in who enters in one piece, and says again what he says, under its own name. */
final class MapServerStand implements AutoCloseable {
    static final PacketLengths LENGTHS = ClientVersions.builtIn().lengths(ClientVersions.BUILT_IN);

    final List<Entered> entered = new CopyOnWriteArrayList<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final String name;
    private final Supplier<Direction> reading;
    private final ServerSocket server;

    /** Said by a player: he gets lines without end. */
    static final String FLOOD = "flood";

    /** Said by a player: he is not read any more. */
    static final String DEAF = "deaf";

    /** Whoever enters is not answered. */
    volatile boolean mute;

    /** What floods have got rid of. */
    final AtomicLong sent = new AtomicLong();

    /** Wishes to walk. */
    final AtomicInteger walks = new AtomicInteger();

    private final CountDownLatch released = new CountDownLatch(1);

    record Entered(int account, int loginId1, String from) {}

    MapServerStand(String name) {
        this(name, () -> Direction.PLAIN);
    }

    /** A map-server whose clients do not send plain packets; {@code reading} makes what a new connection sends plain. */
    MapServerStand(String name, Supplier<Direction> reading) {
        this.name = name;
        this.reading = reading;
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    InetSocketAddress endpoint() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    String address() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    /** Who plays here now. */
    int players() {
        return open.size();
    }

    private void accept() {
        while (true) {
            try {
                Socket socket = server.accept();
                open.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = socket.getInputStream();
            byte[] bytes = new byte[8_192];
            int first = in.read(bytes);
            if (first != LENGTHS.of(ClientToMap.ENTER)) {
                return;
            }
            Direction plain = reading.get();
            byte[] packet = plain(plain, bytes, first);
            Enter enter = new Enter(Packet.of(packet));
            while (mute && in.read(bytes) >= 0) {
                // It says nothing.
            }
            send(socket, Packet.fixed(MapToClient.ENTER_SEEN, 6).u32(2, enter.accountId()));
            send(socket, Packet.fixed(MapToClient.ENTER_ACCEPTED, 13));
            entered.add(new Entered(
                    enter.accountId(), enter.loginId1(), socket.getInetAddress().getHostAddress()));
            PacketFramer framer = new PacketFramer(LENGTHS, Packet.LONGEST);
            for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                byte[] more = plain(plain, bytes, count);
                framer.feed(more, 0, more.length, said -> answer(socket, said));
            }
        } catch (IOException | UncheckedIOException | FramingException e) {
            // Cut, or told nonsense: that is what some tests are about.
        } finally {
            open.remove(socket);
        }
    }

    private static byte[] plain(Direction reading, byte[] bytes, int count) {
        return ByteBufUtil.getBytes(reading.pass(Unpooled.copiedBuffer(bytes, 0, count)));
    }

    private void answer(Socket socket, Packet said) {
        if (said.id() == ClientToMap.WALK_REQUEST) {
            walks.incrementAndGet();
        }
        if (said.id() != ClientToMap.SAY) {
            return;
        }
        String text = new Say(said).text();
        try {
            if (text.endsWith(FLOOD)) {
                Packet line = OwnLine.of("x".repeat(1_000)).packet();
                while (true) {
                    send(socket, line);
                    sent.addAndGet(line.length());
                }
            } else if (text.endsWith(DEAF)) {
                released.await();
            } else {
                send(socket, OwnLine.of(name + " " + text).packet());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(Socket socket, Packet packet) throws IOException {
        socket.getOutputStream().write(packet.bytes());
    }

    /** As when the process dies. */
    void dropPlayers() throws IOException {
        for (Socket socket : open) {
            try {
                socket.setSoLinger(true, 0);
                socket.close();
            } catch (SocketException e) {
                // Its player has just gone.
            }
        }
    }

    @Override
    public void close() {
        try {
            released.countDown();
            server.close();
            dropPlayers();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
