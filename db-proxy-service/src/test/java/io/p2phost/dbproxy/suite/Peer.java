package io.p2phost.dbproxy.suite;

import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLengths;
import io.p2phost.ro.client.ClientVersions;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;

/** A client or a map-server by hand: packets one by one. */
final class Peer implements AutoCloseable {
    private static final PacketLengths LENGTHS = ClientVersions.builtIn().lengths(ClientVersions.BUILT_IN);
    private static final int TIMEOUT_MILLIS = 10_000;

    private final Socket socket;
    private final DataInputStream in;

    Peer(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        in = new DataInputStream(socket.getInputStream());
    }

    static Peer connect(InetSocketAddress to) throws IOException {
        return new Peer(new Socket(to.getAddress(), to.getPort()));
    }

    /** Where it comes from. */
    String address() {
        return socket.getInetAddress().getHostAddress();
    }

    void send(Packet... packets) throws IOException {
        for (Packet packet : packets) {
            socket.getOutputStream().write(packet.bytes());
        }
    }

    /** What one read gives. */
    byte[] chunk() throws IOException {
        byte[] bytes = new byte[1_000];
        return Arrays.copyOf(bytes, Math.max(0, in.read(bytes)));
    }

    Packet next() throws IOException {
        byte[] head = in.readNBytes(2);
        if (head.length < 2) {
            throw new IOException("ended");
        }
        int id = (head[0] & 0xff) | (head[1] & 0xff) << 8;
        int length = LENGTHS.of(id);
        if (length == PacketLengths.VARIABLE) {
            head = Arrays.copyOf(head, 4);
            in.readFully(head, 2, 2);
            length = (head[2] & 0xff) | (head[3] & 0xff) << 8;
        }
        byte[] whole = Arrays.copyOf(head, length);
        in.readFully(whole, head.length, length - head.length);
        return Packet.of(whole);
    }

    /** Whether the other side ended it, with nothing more to read. */
    boolean isOver() throws IOException {
        return in.read() < 0;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
