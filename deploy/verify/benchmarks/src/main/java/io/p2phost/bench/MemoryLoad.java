package io.p2phost.bench;

import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketFramer;
import io.p2phost.ro.inter.AuthRequest;
import io.p2phost.ro.inter.CharToMap;
import io.p2phost.ro.inter.InterLengths;
import io.p2phost.ro.inter.KeepAlive;
import io.p2phost.ro.inter.MapList;
import io.p2phost.ro.inter.MapServerLogin;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Hosts' map-servers as they work: each lets its players in, one after the other, and then saves each of them once in an
 * autosave's time, one after the other.
 */
final class MemoryLoad implements AutoCloseable {
    private static final Duration ANSWER = Duration.ofSeconds(30);

    /** How cells come to their char-server. */
    interface Door {
        /** The cell's connection, which is there when this returns. */
        Socket connect(int host) throws Exception;

        /** Lets a player in, and gives the session id with which his map-server asks for him. */
        int enter(int account) throws Exception;
    }

    private final List<List<MemoryPlayer>> hosts;
    private final Duration autosave;
    private final Door door;
    private final CountDownLatch playing;
    private final CountDownLatch stopped;
    private final LongAdder saves = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final AtomicReference<@Nullable Throwable> fault = new AtomicReference<>();
    private volatile boolean stopping;

    /**
     * Begins.
     *
     * @param hosts the players of each
     * @param within time between the first cell's beginning and the last one's
     * @param autosave time in which each player is saved once
     */
    MemoryLoad(List<List<MemoryPlayer>> hosts, Duration within, Duration autosave, Door door) {
        this.hosts = hosts;
        this.autosave = autosave;
        this.door = door;
        this.playing = new CountDownLatch(hosts.stream().mapToInt(List::size).sum());
        this.stopped = new CountDownLatch(hosts.size());
        for (int i = 0; i < hosts.size(); i++) {
            int host = i;
            Duration later = within.multipliedBy(host).dividedBy(hosts.size());
            Thread.ofVirtual().name("cell " + host).start(() -> run(host, later));
        }
    }

    /** Waits until all players are in. */
    void awaitPlaying(Duration time) throws IOException, InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        while (!playing.await(100, TimeUnit.MILLISECONDS)) {
            check();
            if (System.nanoTime() > end) {
                throw new IOException("players: " + playing.getCount() + " not in after " + time);
            }
        }
    }

    /** Throws what ended a cell. */
    void check() throws IOException {
        Throwable cause = fault.get();
        if (cause != null) {
            throw new IOException("a cell failed: " + cause, cause);
        }
    }

    /** Sends no more saves; gives how many were sent. */
    long stop() throws IOException, InterruptedException {
        stopping = true;
        stopped.await();
        check();
        return saves.sum();
    }

    /** Bytes of saves sent. */
    long bytes() {
        return bytes.sum();
    }

    private void run(int host, Duration later) {
        try {
            Thread.sleep(later);
            cell(host);
        } catch (Exception e) {
            if (!stopping) {
                fault.compareAndSet(null, e);
                stopping = true;
            }
        } finally {
            stopped.countDown();
        }
    }

    private void cell(int host) throws Exception {
        // Not closed when the saving ends: a map-server that goes away is another measurement.
        Socket socket = door.connect(host);
        BlockingQueue<Integer> answers = new ArrayBlockingQueue<>(64);
        Thread.ofVirtual().name("cell " + host + " reads").start(() -> read(host, socket, answers));
        send(
                socket,
                MapServerLogin.of(PassLoad.USER, PassLoad.PASSWORD, 0x7f00_0001, 5_121)
                        .packet());
        await(host, answers, CharToMap.LOGIN_ANSWER);
        send(socket, MapList.of(List.of(Hosting.map(host).value())).packet());
        await(host, answers, CharToMap.MAPS_ACCEPTED);
        List<MemoryPlayer> players = hosts.get(host);
        long pause = autosave.toNanos() / players.size();
        long due = System.nanoTime();
        for (MemoryPlayer player : players) {
            due = pause(due, pause);
            come(host, socket, player, answers);
        }
        while (true) {
            for (MemoryPlayer player : players) {
                due = pause(due, pause);
                if (stopping) {
                    return;
                }
                byte[] save = player.save();
                socket.getOutputStream().write(save);
                saves.increment();
                bytes.add(save.length);
            }
            send(socket, KeepAlive.request());
        }
    }

    private static long pause(long due, long nanos) throws InterruptedException {
        long next = due + nanos;
        TimeUnit.NANOSECONDS.sleep(Math.max(0, next - System.nanoTime()));
        return next;
    }

    private void come(int host, Socket socket, MemoryPlayer player, BlockingQueue<Integer> answers) throws Exception {
        int loginId = door.enter(player.account());
        send(
                socket,
                AuthRequest.of(player.account(), MemoryPlayer.character(player.account()), loginId, 0, 0)
                        .packet());
        await(host, answers, CharToMap.AUTH_OK);
        for (Packet load : player.loads()) {
            send(socket, load);
        }
        await(host, answers, CharToMap.STATUS_CHANGES);
        playing.countDown();
    }

    private static void send(Socket socket, Packet packet) throws IOException {
        socket.getOutputStream().write(packet.bytes());
    }

    private static void await(int host, BlockingQueue<Integer> answers, int id)
            throws IOException, InterruptedException {
        Integer answer = answers.poll(ANSWER.toSeconds(), TimeUnit.SECONDS);
        if (answer == null || answer != id) {
            throw new IOException(String.format("cell %d: answer %s (expected: %d)", host, answer, id));
        }
    }

    private void read(int host, Socket socket, BlockingQueue<Integer> answers) {
        PacketFramer framer = InterLengths.fromCharServer();
        byte[] read = new byte[8_192];
        try {
            int count = socket.getInputStream().read(read);
            while (count >= 0) {
                framer.feed(read, 0, count, packet -> {
                    switch (packet.id()) {
                        case CharToMap.LOGIN_ANSWER,
                                CharToMap.MAPS_ACCEPTED,
                                CharToMap.AUTH_OK,
                                CharToMap.AUTH_REFUSED,
                                CharToMap.STATUS_CHANGES -> answers.offer(packet.id());
                        default -> {
                            // Nobody waits for it.
                        }
                    }
                });
                count = socket.getInputStream().read(read);
            }
            throw new IOException("cell " + host + ": its connection was closed");
        } catch (IOException e) {
            if (!stopping) {
                fault.compareAndSet(null, e);
            }
        }
    }

    @Override
    public void close() {
        stopping = true;
    }
}
