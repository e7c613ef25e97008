package io.p2phost.bench;

import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketFramer;
import io.p2phost.ro.inter.CharToMap;
import io.p2phost.ro.inter.InterLengths;
import io.p2phost.ro.inter.KeepAlive;
import io.p2phost.ro.inter.LoginAnswer;
import io.p2phost.ro.inter.MapToChar;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;

/** Lets everybody in, takes every map list, answers keep-alives, and swallows the rest: the cheapest char-server there can be. */
class PassCharServer implements AutoCloseable {
    private static final int READ_BYTES = 65_536;
    private static final int MAPS_ACCEPTED_LENGTH = 53;

    private final ServerSocket listening = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final LongAdder packets = new LongAdder();

    PassCharServer() throws IOException {
        Thread.ofPlatform().daemon().name("char-server").start(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    /** Received so far, on all links. */
    long packets() {
        return packets.sum();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listening.accept();
                socket.setTcpNoDelay(true);
                open.add(socket);
                Thread.ofPlatform().daemon().name("char-server link").start(() -> serve(socket));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            PacketFramer framer = InterLengths.fromMapServer();
            byte[] bytes = new byte[READ_BYTES];
            int count = socket.getInputStream().read(bytes);
            while (count >= 0) {
                ByteArrayOutputStream answers = new ByteArrayOutputStream();
                framer.feed(bytes, 0, count, packet -> answer(packet, answers));
                if (answers.size() > 0) {
                    socket.getOutputStream().write(answers.toByteArray());
                }
                count = socket.getInputStream().read(bytes);
            }
        } catch (IOException e) {
            // Its link ended.
        } finally {
            open.remove(socket);
        }
    }

    /** What it answers to a packet; on the thread of its link. */
    void answer(Packet packet, ByteArrayOutputStream answers) {
        packets.increment();
        switch (packet.id()) {
            case MapToChar.MAP_SERVER_LOGIN ->
                answers.writeBytes(LoginAnswer.accept().packet().bytes());
            case MapToChar.MAP_LIST ->
                answers.writeBytes(Packet.variable(CharToMap.MAPS_ACCEPTED, MAPS_ACCEPTED_LENGTH)
                        .bytes());
            case MapToChar.KEEP_ALIVE -> answers.writeBytes(KeepAlive.answer().bytes());
            default -> {
                // Swallowed.
            }
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
