package io.p2phost.bench;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.p2phost.dbproxy.engine.Engine;
import io.p2phost.dbproxy.mux.SavedGroup;
import io.p2phost.dbproxy.sessions.JournalEntry;
import io.p2phost.dbproxy.sessions.SessionStore;
import io.p2phost.links.LinkMetrics;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketFramer;
import io.p2phost.ro.inter.AuthRequest;
import io.p2phost.ro.inter.CharToMap;
import io.p2phost.ro.inter.InterLengths;
import io.p2phost.ro.inter.KeepAlive;
import io.p2phost.ro.inter.LoginAnswer;
import io.p2phost.ro.inter.MapServerLogin;
import io.p2phost.ro.inter.SaveCharacter;
import io.p2phost.ro.layout.CharStatus;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** What {@code dbproxy-replay} does in processes of their own: a journal is written, and replayed by ours and by the rival. */
final class ReplayServer {
    private static final int BATCH = 1_000;
    private static final int FIRST_EXPERIENCE = 1_000_000;
    private static final int FIRST_CHARACTER = 150_000;

    private ReplayServer() {}

    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "fill" -> fill(args[1], Integer.parseInt(args[2]), Integer.parseInt(args[3]));
            case "write" -> write(Path.of(args[1]), Integer.parseInt(args[2]), Integer.parseInt(args[3]));
            case "engine" -> engine(args[1], Integer.parseInt(args[2]));
            case "log" -> log(Path.of(args[1]), Integer.parseInt(args[2]), Integer.parseInt(args[3]));
            default -> throw new IllegalArgumentException(args[0] + " (expected: fill, write, engine or log)");
        }
    }

    /** What the newest group says of a player. */
    static long experience(int entries, int players, int player) {
        int last = (entries - 1 - player) / players * players + player;
        return (long) FIRST_EXPERIENCE + last;
    }

    /** Groups in the order in which they came: each player in turn, and each time his experience has grown. */
    private static void groups(int entries, int players, Consumer<SavedGroup> to) throws IOException {
        JournalTraffic traffic = new JournalTraffic();
        List<MemoryPlayer> all =
                IntStream.range(0, players).mapToObj(traffic::player).toList();
        List<List<byte[]>> still = new ArrayList<>();
        List<Packet> records = new ArrayList<>();
        for (MemoryPlayer player : all) {
            List<Packet> group = JournalTraffic.group(player);
            still.add(group.stream().map(JournalTraffic::deflated).toList());
            records.add(group.getLast().copy());
        }
        for (int i = 0; i < entries; i++) {
            int player = i % players;
            CharStatus status = new SaveCharacter(records.get(player)).status(EngineAlone.LAYOUT);
            status.set("base_exp", FIRST_EXPERIENCE + i);
            List<byte[]> parts = new ArrayList<>(still.get(player));
            parts.set(parts.size() - 1, JournalTraffic.deflated(records.get(player)));
            to.accept(JournalTraffic.journaled(all.get(player), parts));
        }
    }

    /** Into PostgreSQL, with the players' rows, by db-proxy's own store. */
    private static void fill(String url, int entries, int players) throws IOException {
        try (RealStore real = new RealStore(url)) {
            SessionStore store = real.store();
            store.takeOver();
            JournalTraffic traffic = new JournalTraffic();
            store.write(new SessionStore.Batch(
                    List.of(),
                    IntStream.range(0, players)
                            .mapToObj(traffic::player)
                            .map(JournalTraffic::session)
                            .toList()));
            List<JournalEntry> batch = new ArrayList<>();
            long[] written = new long[2];
            groups(entries, players, group -> {
                batch.add(new JournalEntry(++written[0], group));
                written[1] += group.body().length;
                if (batch.size() == BATCH || written[0] == entries) {
                    store.write(new SessionStore.Batch(List.of(), List.of(), batch, Map.of()));
                    batch.clear();
                }
            });
            // So that what follows does not pay for it.
            real.jdbc().execute("checkpoint");
            System.out.println(written[1]);
        }
    }

    /** Into a file. */
    private static void write(Path file, int entries, int players) throws IOException {
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            groups(entries, players, group -> {
                try {
                    out.writeInt(group.account());
                    out.writeInt(group.character());
                    out.writeInt(group.body().length);
                    out.write(group.body());
                } catch (IOException e) {
                    throw new IllegalStateException(file + " was not written", e);
                }
            });
        }
        System.out.println(Files.size(file));
    }

    /**
     * db-proxy's engine, from its start until the char-server has its maps, and until nothing is in the journal any more. Says
     * both times, and how much of the heap was in use then.
     */
    private static void engine(String url, int charPort) throws InterruptedException {
        try (RealStore real = new RealStore(url);
                Engine engine = EngineAlone.engine(
                        charPort,
                        real.store(),
                        LinkMetrics.NONE,
                        Hosting.owners(1),
                        Engine.Witness.NONE,
                        new SimpleMeterRegistry())) {
            double cpuBefore =
                    ProcessTree.of(List.of(ProcessHandle.current().pid())).cpuSeconds();
            long began = System.nanoTime();
            engine.start(() -> System.exit(1));
            double loaded = seconds(began);
            double cpu = ProcessTree.of(List.of(ProcessHandle.current().pid())).cpuSeconds() - cpuBefore;
            while (engine.problem().isPresent()) {
                Thread.sleep(5);
            }
            double announced = seconds(began);
            while (!Boolean.FALSE.equals(
                    real.jdbc().queryForObject("select exists (select from save_journal)", Boolean.class))) {
                Thread.sleep(20);
            }
            Runtime runtime = Runtime.getRuntime();
            System.out.printf(
                    Locale.ROOT,
                    "%.3f %.3f %.3f %d %.2f%n",
                    loaded,
                    announced,
                    seconds(began),
                    runtime.totalMemory() >> 20,
                    cpu);
        }
    }

    /** Every group as it was, in order, and a keep-alive behind the last one. Says the time until it was answered. */
    private static void log(Path file, int charPort, int players) throws IOException {
        long began = System.nanoTime();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), charPort);
                DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 20));
                OutputStream out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16)) {
            Answers answers = new Answers(socket);
            out.write(MapServerLogin.of(PassLoad.USER, PassLoad.PASSWORD, 0x7f00_0001, 5_121)
                    .packet()
                    .bytes());
            out.flush();
            answers.await(CharToMap.LOGIN_ANSWER, 1);
            // Else the char-server takes them for offline, and drops some saves.
            for (int player = 0; player < players; player++) {
                int account = MemoryPlayer.account(FIRST_CHARACTER + player);
                out.write(AuthRequest.record(account, MemoryPlayer.character(account))
                        .packet()
                        .bytes());
            }
            while (true) {
                int account;
                try {
                    account = in.readInt();
                } catch (EOFException e) {
                    break;
                }
                int character = in.readInt();
                SavedGroup group = new SavedGroup(account, character, in.readNBytes(in.readInt()));
                for (Packet packet : group.packets()) {
                    out.write(packet.bytes(), 0, packet.length());
                }
            }
            out.write(KeepAlive.request().bytes());
            out.flush();
            answers.await(CharToMap.KEEP_ALIVE_ANSWER, 1);
        }
        System.out.printf(Locale.ROOT, "%.3f%n", seconds(began));
    }

    /** What a char-server answers; somebody has to take it, or it stops. */
    private static final class Answers {
        private final Map<Integer, Integer> seen = new java.util.HashMap<>();

        Answers(Socket socket) {
            Thread.ofPlatform().daemon().name("answers").start(() -> read(socket));
        }

        private void read(Socket socket) {
            PacketFramer framer = InterLengths.fromCharServer();
            byte[] bytes = new byte[1 << 16];
            try {
                for (int count = socket.getInputStream().read(bytes);
                        count >= 0;
                        count = socket.getInputStream().read(bytes)) {
                    framer.feed(bytes, 0, count, this::add);
                }
            } catch (IOException e) {
                // It is over.
            }
        }

        private synchronized void add(Packet packet) {
            if (packet.id() == CharToMap.LOGIN_ANSWER && !new LoginAnswer(packet).accepted()) {
                throw new IllegalStateException("the char-server refuses the login");
            }
            seen.merge(packet.id(), 1, Integer::sum);
            notifyAll();
        }

        synchronized void await(int id, int count) {
            try {
                while (seen.getOrDefault(id, 0) < count) {
                    wait();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static double seconds(long began) {
        return (System.nanoTime() - began) / 1e9;
    }
}
