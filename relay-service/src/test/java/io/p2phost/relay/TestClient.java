package io.p2phost.relay;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.p2phost.relay.codec.StreamCodec.Direction;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketFramer;
import io.p2phost.ro.client.ClientToMap;
import io.p2phost.ro.client.Enter;
import io.p2phost.ro.client.MapToClient;
import io.p2phost.ro.client.OwnLine;
import io.p2phost.ro.client.Say;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** A player's client: one connection, read by whoever asks for the next packet. */
final class TestClient implements AutoCloseable {
    private static final Duration LONG = Duration.ofSeconds(15);

    final Socket socket;
    final int account;
    private final Direction writing;
    private final PacketFramer framer = new PacketFramer(MapServerStand.LENGTHS, Packet.LONGEST);
    private final Deque<Packet> seen = new ArrayDeque<>();
    private final byte[] bytes = new byte[65_536];

    TestClient(int port, int account) throws IOException {
        this("127.0.0.1", port, account, Direction.PLAIN);
    }

    /** A client that does not send plain packets. */
    TestClient(int port, int account, Direction writing) throws IOException {
        this("127.0.0.1", port, account, writing);
    }

    /** Comes from that address of this machine. */
    TestClient(String from, int port, int account) throws IOException {
        this(from, port, account, Direction.PLAIN);
    }

    private TestClient(String from, int port, int account, Direction writing) throws IOException {
        this.account = account;
        this.writing = writing;
        socket = new Socket(InetAddress.getLoopbackAddress(), port, InetAddress.getByName(from), 0);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) LONG.toMillis());
    }

    /** Enters and loads the map. */
    static TestClient inGame(int port, int account) throws IOException {
        TestClient client = new TestClient(port, account);
        client.enter();
        client.await(MapToClient.ENTER_ACCEPTED);
        client.send(Packet.fixed(ClientToMap.MAP_LOADED, 2));
        return client;
    }

    /** As if the process died: the other side sees a reset. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    void write(byte... raw) throws IOException {
        socket.getOutputStream().write(raw);
    }

    void enter() throws IOException {
        send(Enter.of(account, 150_000 + account % 1_000, 4_711, 1, 1).packet());
    }

    void say(String text) throws IOException {
        send(Say.of("me", text).packet());
    }

    void send(Packet packet) throws IOException {
        socket.getOutputStream().write(ByteBufUtil.getBytes(writing.pass(Unpooled.copiedBuffer(packet.bytes()))));
    }

    /** Says something and gives the line of chat that comes back: who answers, and what was said. */
    String talk(String text) throws IOException {
        say(text);
        return new OwnLine(await(MapToClient.OWN_LINE)).text().replace("me : ", "");
    }

    /** The next packet of that id; others before it are dropped. */
    Packet await(int id) throws IOException {
        while (true) {
            Packet next = next();
            if (next == null) {
                throw new SocketException("closed before " + Integer.toHexString(id));
            }
            if (next.id() == id) {
                return next;
            }
        }
    }

    /** The next packet, or null at the end. */
    @Nullable
    Packet next() throws IOException {
        while (seen.isEmpty()) {
            int count = socket.getInputStream().read(bytes);
            if (count < 0) {
                return null;
            }
            framer.feed(bytes, 0, count, seen::add);
        }
        return seen.remove();
    }

    /** Whether the relay ends the connection, in whichever way, after whatever it says. */
    boolean isCut() throws IOException {
        try {
            while (next() != null) {
                // Its last words.
            }
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (SocketException e) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
