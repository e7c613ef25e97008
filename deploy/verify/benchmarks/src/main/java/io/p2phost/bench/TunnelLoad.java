package io.p2phost.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Players on one side of a tunnel and a map-server on the other. A connection's first byte says what the map-server
 * does: it sends as much as is taken, or gives back what it gets.
 */
final class TunnelLoad implements AutoCloseable {
    static final int MESSAGE = 128;

    private static final int FLOOD = 'F';
    private static final int ECHO = 'E';
    private static final int CHUNK = 65_536;
    private static final Duration ANSWER = Duration.ofSeconds(10);

    private final ServerSocket mapServer = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());

    /** What was taken in a window, and what it cost. */
    record Bulk(double megabytesPerSecond, double megabytesPerCpuSecond) {}

    /** Round trips in a window, and what they cost. */
    record Messages(long count, double p50Micros, double p99Micros, double maxMicros, double cpuMicros) {}

    TunnelLoad() throws IOException {
        Thread.ofPlatform().daemon().name("map-server").start(this::accept);
    }

    /** The map-server's. */
    int port() {
        return mapServer.getLocalPort();
    }

    private void accept() {
        while (!mapServer.isClosed()) {
            try {
                Socket player = mapServer.accept();
                Thread.ofPlatform().daemon().name("map-server serves").start(() -> serve(player));
            } catch (IOException e) {
                return;
            }
        }
    }

    private static void serve(Socket player) {
        try (player) {
            player.setTcpNoDelay(true);
            InputStream in = player.getInputStream();
            OutputStream out = player.getOutputStream();
            byte[] bytes = new byte[CHUNK];
            if (in.read() == FLOOD) {
                while (true) {
                    out.write(bytes);
                }
            }
            for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                out.write(bytes, 0, count);
            }
        } catch (IOException e) {
            // The player is gone.
        }
    }

    private static Socket connect(int port, int what) throws IOException {
        Socket socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.getOutputStream().write(what);
        return socket;
    }

    /** So many players take as much as comes. */
    static Bulk bulk(int port, int streams, Duration warmUp, Duration time, DoubleSupplier cpu) throws Exception {
        AtomicLong taken = new AtomicLong();
        List<Socket> players = new ArrayList<>();
        try {
            for (int i = 0; i < streams; i++) {
                Socket player = connect(port, FLOOD);
                players.add(player);
                Thread.ofPlatform().daemon().name("player").start(() -> take(player, taken));
            }
            TimeUnit.NANOSECONDS.sleep(warmUp.toNanos());
            double cpuBefore = cpu.getAsDouble();
            long before = taken.get();
            long start = System.nanoTime();
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
            double megabytes = (taken.get() - before) / 1e6;
            double seconds = (System.nanoTime() - start) / 1e9;
            if (megabytes == 0) {
                throw new IOException("bulk: nothing came (expected: as much as passes)");
            }
            return new Bulk(megabytes / seconds, megabytes / (cpu.getAsDouble() - cpuBefore));
        } finally {
            for (Socket player : players) {
                player.close();
            }
        }
    }

    private static void take(Socket player, AtomicLong taken) {
        byte[] bytes = new byte[CHUNK];
        try {
            InputStream in = player.getInputStream();
            for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                taken.addAndGet(count);
            }
        } catch (IOException e) {
            // Closed when the time is over.
        }
    }

    /**
     * So many players say something at a steady rate, each timed from when it was due.
     *
     * @param stalled whether one more is sent as much as there can be and reads nothing
     */
    static Messages messages(
            int port, int streams, int perSecond, boolean stalled, Duration warmUp, Duration time, DoubleSupplier cpu)
            throws Exception {
        List<Socket> players = new ArrayList<>();
        Socket deaf = null;
        try {
            for (int i = 0; i < streams; i++) {
                Socket player = connect(port, ECHO);
                player.setSoTimeout((int) ANSWER.toMillis());
                players.add(player);
            }
            talk(players, perSecond, warmUp);
            double before = cpu.getAsDouble();
            if (stalled) {
                deaf = connect(port, FLOOD);
            }
            long[] nanos = talk(players, perSecond, time);
            double micros = (cpu.getAsDouble() - before) * 1e6;
            Arrays.sort(nanos);
            return new Messages(
                    nanos.length, micros(nanos, 0.5), micros(nanos, 0.99), micros(nanos, 1), micros / nanos.length);
        } finally {
            if (deaf != null) {
                deaf.close();
            }
            for (Socket player : players) {
                player.close();
            }
        }
    }

    private static long[] talk(List<Socket> players, int perSecond, Duration time) throws Exception {
        long interval = TimeUnit.SECONDS.toNanos(players.size()) / perSecond;
        int each = (int) (time.toNanos() / interval);
        long[] nanos = new long[players.size() * each];
        CountDownLatch left = new CountDownLatch(players.size());
        @Nullable IOException[] faults = new IOException[players.size()];
        long start = System.nanoTime();
        for (int i = 0; i < players.size(); i++) {
            int player = i;
            Thread.ofPlatform().daemon().name("player").start(() -> {
                try {
                    // One after the other, not all at once.
                    long first = start + player * interval / players.size();
                    talk(players.get(player), first, interval, nanos, player * each, each);
                } catch (IOException e) {
                    faults[player] = e;
                } finally {
                    left.countDown();
                }
            });
        }
        left.await();
        for (IOException fault : faults) {
            if (fault != null) {
                throw fault;
            }
        }
        return nanos;
    }

    private static void talk(Socket player, long first, long interval, long[] nanos, int at, int count)
            throws IOException {
        byte[] message = new byte[MESSAGE];
        for (int i = 0; i < count; i++) {
            long due = first + i * interval;
            for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                LockSupport.parkNanos(wait);
            }
            player.getOutputStream().write(message);
            if (player.getInputStream().readNBytes(message, 0, MESSAGE) < MESSAGE) {
                throw new IOException("messages: the connection ended (expected: every answer)");
            }
            nanos[at + i] = System.nanoTime() - due;
        }
    }

    private static double micros(long[] sorted, double share) {
        int index = (int) Math.ceil(share * sorted.length) - 1;
        return sorted[Math.max(index, 0)] / 1_000.0;
    }

    @Override
    public void close() throws IOException {
        mapServer.close();
    }
}
