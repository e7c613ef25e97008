package io.p2phost.bench;

import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketFramer;
import io.p2phost.ro.inter.CharToMap;
import io.p2phost.ro.inter.InterLengths;
import io.p2phost.ro.inter.KeepAlive;
import io.p2phost.ro.inter.MapList;
import io.p2phost.ro.inter.MapServerLogin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Core's map-server as it works: packets at a steady rate, whether or not the other side keeps up, and among them
 * keep-alives whose answers are timed from the moment in which they were due.
 */
final class PassLoad implements AutoCloseable {
    static final String USER = "s1";
    static final String PASSWORD = "p1";

    /** One packet in this many is a keep-alive. */
    private static final int KEEP_ALIVE_EVERY = 10;

    private static final int MOST_UNANSWERED = 65_536;
    private static final Duration LOGIN = Duration.ofSeconds(20);
    private static final Duration LAST_ANSWER = Duration.ofSeconds(10);

    private final Socket socket = new Socket();
    private final BlockingQueue<Integer> answers = new ArrayBlockingQueue<>(64);
    private final BlockingQueue<Long> due = new ArrayBlockingQueue<>(MOST_UNANSWERED);
    private volatile Timings timings = new Timings();

    /** What one window measured. */
    record Result(long packets, long bytes, Timings.Latency answers) {}

    PassLoad(int port) throws IOException, InterruptedException {
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        Thread.ofPlatform().daemon().name("core reads").start(this::read);
        send(MapServerLogin.of(USER, PASSWORD, 0x7f00_0001, 5_121).packet());
        await(CharToMap.LOGIN_ANSWER);
        send(MapList.of(List.of("prontera")).packet());
        await(CharToMap.MAPS_ACCEPTED);
    }

    private void await(int id) throws IOException, InterruptedException {
        Integer answer = answers.poll(LOGIN.toSeconds(), TimeUnit.SECONDS);
        if (answer == null || answer != id) {
            throw new IOException("core's login: answer " + answer + " (expected: 0x" + Integer.toHexString(id) + ")");
        }
    }

    private void send(Packet packet) throws IOException {
        socket.getOutputStream().write(packet.bytes());
    }

    /** Sends for that long; gives what was measured once everything is answered. */
    Result run(List<Packet> mix, int perSecond, Duration time) throws IOException, InterruptedException {
        timings = new Timings();
        byte[] keepAlive = KeepAlive.request().bytes();
        long interval = TimeUnit.SECONDS.toNanos(1) / perSecond;
        long start = System.nanoTime();
        long packets = time.toNanos() / interval;
        long bytes = 0;
        long asked = 0;
        for (int i = 0; i < packets; i++) {
            long at = start + i * interval;
            for (long left = at - System.nanoTime(); left > 0; left = at - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            byte[] next = mix.get(i % mix.size()).bytes();
            if (i % KEEP_ALIVE_EVERY == 0) {
                next = keepAlive;
                asked++;
                if (!due.offer(at)) {
                    throw new IOException("keep-alives: " + MOST_UNANSWERED + " unanswered");
                }
            }
            bytes += next.length;
            socket.getOutputStream().write(next);
        }
        return new Result(packets, bytes, timings.await(asked, LAST_ANSWER.toNanos()));
    }

    private void read() {
        PacketFramer framer = InterLengths.fromCharServer();
        byte[] bytes = new byte[8_192];
        try {
            int count = socket.getInputStream().read(bytes);
            while (count >= 0) {
                long now = System.nanoTime();
                framer.feed(bytes, 0, count, packet -> received(packet, now));
                count = socket.getInputStream().read(bytes);
            }
        } catch (IOException e) {
            // The link ended.
        }
    }

    private void received(Packet packet, long now) {
        if (packet.id() == CharToMap.KEEP_ALIVE_ANSWER) {
            Long asked = due.poll();
            if (asked != null) {
                timings.add(now - asked);
            }
        } else {
            answers.offer(packet.id());
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
