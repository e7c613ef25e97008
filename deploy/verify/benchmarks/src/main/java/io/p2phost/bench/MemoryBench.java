package io.p2phost.bench;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.ServiceName;
import io.p2phost.links.CloseReason;
import io.p2phost.links.LinkMetrics;
import io.p2phost.links.charlink.CellDoor;
import io.p2phost.links.charlink.CharLinkClient;
import io.p2phost.links.charlink.CharLinkClientListener;
import io.p2phost.links.frame.RefusalReason;
import io.p2phost.links.net.LinkTransport;
import io.p2phost.links.testing.TestAuthority;
import io.p2phost.links.tls.RotatingTls;
import io.p2phost.links.tls.TlsMaterial;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Memory of db-proxy with many hosts whose players are saved every ten seconds: its engine and char links in a process of
 * its own. Beside it HAProxy, which takes the same connections and bytes over TLS and remembers nobody.
 */
final class MemoryBench implements Bench {
    static final int HOSTS = 200;
    static final int PLAYERS = 5;

    /** Nobody starts all his hosts at once. */
    private static final Duration START = Duration.ofSeconds(20);

    private static final Duration AUTOSAVE = Duration.ofSeconds(10);
    /** What is remembered of a link is full after some ten saves of each player. */
    private static final Duration PLAY = Duration.ofSeconds(100);

    private static final Duration ALL_IN = Duration.ofMinutes(2);
    private static final Duration ARRIVE = Duration.ofSeconds(20);
    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final int GOAL_MEGABYTES = 256;
    private static final String RIVAL = "HAProxy, TLS, one thread";

    private record Measured(
            int round,
            boolean ours,
            double rest,
            double most,
            double last,
            int heap,
            int direct,
            long saves,
            long bytes,
            double cores) {
        Map<String, Object> figures() {
            Map<String, Object> figures = new LinkedHashMap<>();
            figures.put("round", round);
            figures.put("contender", ours ? "ours" : "rival");
            figures.put("restMegabytes", rest);
            figures.put("mostMegabytes", most);
            figures.put("lastMegabytes", last);
            figures.put("heapInUseMegabytes", heap);
            figures.put("directMegabytes", direct);
            figures.put("saves", saves);
            figures.put("saveBytes", bytes);
            figures.put("cores", cores);
            return figures;
        }
    }

    @Override
    public String name() {
        return "dbproxy-memory";
    }

    @Override
    public String what() {
        return "db-proxy's memory with " + HOSTS + " hosts of " + PLAYERS + " players, saved every "
                + AUTOSAVE.toSeconds() + " s, beside " + RIVAL;
    }

    @Override
    public Outcome run(Path dist, int rounds) throws Exception {
        boolean rival = Haproxy.isThere();
        if (!rival) {
            System.out.println("HAProxy is not installed (Debian: haproxy): measured without it.");
        }
        MemoryTraffic traffic = MemoryTraffic.recorded();
        TestAuthority authority = new TestAuthority();
        List<Measured> all = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            all.add(measure(round, traffic, charServer -> new Ours(dist, authority, charServer)));
            if (rival) {
                all.add(measure(round, traffic, charServer -> new Rival(authority, charServer)));
            }
        }
        List<Double> ours = megabytes(all, true);
        List<Double> theirs = megabytes(all, false);
        List<Map<String, Object>> summary = new ArrayList<>();
        summary.add(Figures.spread("ours: most memory, MB", ours));
        if (!theirs.isEmpty()) {
            summary.add(Figures.spread("rival: most memory, MB", theirs));
        }
        double median = Figures.median(ours);
        System.out.printf(
                Locale.ROOT,
                "%.0f MB (goal: at most %d): %s%n",
                median,
                GOAL_MEGABYTES,
                median <= GOAL_MEGABYTES ? "reached" : "missed");
        return new Outcome(
                name(),
                median,
                theirs.isEmpty() ? null : Figures.median(theirs),
                theirs.isEmpty() ? null : RIVAL,
                "MB",
                rounds,
                summary,
                all.stream().map(Measured::figures).toList());
    }

    private static List<Double> megabytes(List<Measured> all, boolean ours) {
        return all.stream()
                .filter(measured -> measured.ours == ours)
                .map(Measured::most)
                .toList();
    }

    /** A process between cells and the char-server. */
    private interface Contender extends MemoryLoad.Door, AutoCloseable {
        Process process();

        /** Throws when it is not as it should be. */
        void check() throws IOException;

        /** Heap in use and memory outside of it; zeros where there is no heap. */
        int[] inside() throws Exception;

        @Override
        void close() throws Exception;
    }

    private interface Start {
        Contender with(int charServer) throws Exception;
    }

    private static Measured measure(int round, MemoryTraffic traffic, Start start) throws Exception {
        Map<Integer, MemoryPlayer> players = new HashMap<>();
        List<List<MemoryPlayer>> hosts = new ArrayList<>();
        for (int host = 0; host < HOSTS; host++) {
            List<MemoryPlayer> here = new ArrayList<>();
            for (int i = 0; i < PLAYERS; i++) {
                here.add(new MemoryPlayer(host * PLAYERS + i, Hosting.map(host), traffic));
            }
            here.forEach(player -> players.put(player.account(), player));
            hosts.add(here);
        }
        try (MemoryCharServer charServer = new MemoryCharServer(traffic, players);
                Contender contender = start.with(charServer.port())) {
            List<Long> pid = List.of(contender.process().pid());
            double rest = ProcessTree.of(pid).memoryMegabytes();
            double most = rest;
            try (MemoryLoad load = new MemoryLoad(hosts, START, AUTOSAVE, contender)) {
                load.awaitPlaying(ALL_IN);
                contender.check();
                double cpuBefore = ProcessTree.of(pid).cpuSeconds();
                long began = System.nanoTime();
                while (System.nanoTime() - began < PLAY.toNanos()) {
                    TimeUnit.SECONDS.sleep(1);
                    load.check();
                    contender.check();
                    most = Math.max(most, ProcessTree.of(pid).memoryMegabytes());
                }
                ProcessTree last = ProcessTree.of(pid);
                double cores = (last.cpuSeconds() - cpuBefore) / ((System.nanoTime() - began) / 1e9);
                long sent = load.stop();
                awaitSaves(charServer, sent);
                contender.check();
                int[] inside = contender.inside();
                Measured measured = new Measured(
                        round,
                        contender instanceof Ours,
                        rest,
                        most,
                        last.memoryMegabytes(),
                        inside[0],
                        inside[1],
                        sent,
                        load.bytes(),
                        cores);
                System.out.printf(
                        Locale.ROOT,
                        "round %d  %-5s  at rest %5.1f, at most %5.1f, at the end %5.1f MB (heap in use %d, direct %d)"
                                + "  %d saves, %.0f MB, %.2f cores%n",
                        round,
                        measured.ours ? "ours" : "rival",
                        rest,
                        most,
                        measured.last,
                        measured.heap,
                        measured.direct,
                        sent,
                        measured.bytes / 1e6,
                        cores);
                return measured;
            }
        }
    }

    /** Every save that was sent, and no less. */
    private static void awaitSaves(MemoryCharServer charServer, long sent) throws IOException, InterruptedException {
        long end = System.nanoTime() + ARRIVE.toNanos();
        while (charServer.saves() < sent) {
            if (System.nanoTime() > end) {
                throw new IOException(
                        "saves at the char-server: " + charServer.saves() + " (expected: " + sent + ", all sent)");
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    /** db-proxy's engine and char links, with the options that the service runs with. */
    private static final class Ours implements Contender {
        private final TestAuthority authority;
        private final LinkTransport transport = LinkTransport.start("hosts", 2);
        private final List<CharLinkClient> links = new ArrayList<>();
        private final Map<Integer, CompletableFuture<Integer>> entering = new ConcurrentHashMap<>();
        private final CompletableFuture<Integer> port = new CompletableFuture<>();
        private final CompletableFuture<int[]> memory = new CompletableFuture<>();
        private final AtomicReference<@Nullable String> fault = new AtomicReference<>();
        private final AtomicInteger broken = new AtomicInteger();
        private final Process process;
        private final PrintWriter told;

        Ours(Path dist, TestAuthority authority, int charServer) throws Exception {
            this.authority = authority;
            Path folder = Files.createTempDirectory("p2p-bench-");
            Pem own = Pem.of(authority.service(ServiceName.DB_PROXY));
            own.write(folder);
            process = new ProcessBuilder(Forwarder.command(
                            dist,
                            ServiceName.DB_PROXY,
                            MemoryServer.class,
                            folder.toString(),
                            Integer.toString(charServer),
                            Integer.toString(HOSTS)))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            told = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8);
            Thread.ofPlatform().daemon().name("db-proxy says").start(this::listen);
            try {
                port.get(ANSWER.toSeconds(), TimeUnit.SECONDS);
            } catch (TimeoutException | ExecutionException e) {
                process.destroyForcibly();
                throw new IOException("db-proxy's engine did not start", e);
            } finally {
                Pem.delete(folder);
            }
        }

        private void listen() {
            try (BufferedReader out =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                for (String line = out.readLine(); line != null; line = out.readLine()) {
                    String[] words = line.split(" ");
                    switch (words[0]) {
                        case "port" -> port.complete(Integer.parseInt(words[1]));
                        case "entered" ->
                            Objects.requireNonNull(entering.remove(Integer.parseInt(words[1])))
                                    .complete(Integer.parseInt(words[2]));
                        case "memory" ->
                            memory.complete(new int[] {Integer.parseInt(words[1]), Integer.parseInt(words[2])});
                        default -> fault.compareAndSet(null, line);
                    }
                }
                fault.compareAndSet(null, "db-proxy's engine ended");
            } catch (IOException e) {
                fault.compareAndSet(null, "db-proxy's engine: " + e.getMessage());
            }
        }

        @Override
        public Process process() {
            return process;
        }

        @Override
        public Socket connect(int host) throws Exception {
            CellDoor door = CellDoor.open(transport, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            InetSocketAddress local = door.address();
            CharLinkClient link = new CharLinkClient(
                    CharLinkClient.Options.of(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), port.get()), Hosting.hello(host)),
                    door,
                    RotatingTls.connecting(authority.host(Hosting.host(host))),
                    transport,
                    new Refusals(),
                    LinkMetrics.NONE);
            synchronized (links) {
                links.add(link);
            }
            link.start();
            long end = System.nanoTime() + ANSWER.toNanos();
            while (!link.isAccepted()) {
                if (System.nanoTime() > end) {
                    check();
                    throw new IOException("char link of host " + host + ": not accepted");
                }
                TimeUnit.MILLISECONDS.sleep(20);
            }
            return cell(new Socket(local.getAddress(), local.getPort()));
        }

        @Override
        public int enter(int account) throws Exception {
            CompletableFuture<Integer> entered = new CompletableFuture<>();
            entering.put(account, entered);
            told.println("enter " + account);
            return entered.get(ANSWER.toSeconds(), TimeUnit.SECONDS);
        }

        @Override
        public void check() throws IOException {
            String said = fault.get();
            if (said != null) {
                throw new IOException(said);
            }
        }

        @Override
        public int[] inside() throws Exception {
            told.println("memory");
            return memory.get(ANSWER.toSeconds(), TimeUnit.SECONDS);
        }

        @Override
        public void close() {
            synchronized (links) {
                links.forEach(CharLinkClient::close);
            }
            process.destroyForcibly().onExit().join();
            transport.close();
        }

        private final class Refusals implements CharLinkClientListener {
            /** On a machine that is too busy; it comes back, and its cell goes on. */
            @Override
            public void disconnected(CloseReason reason, Duration nextAttempt) {
                if (broken.incrementAndGet() == 1) {
                    System.out.println("a char link broke: " + reason + "; is the machine quiet?");
                }
            }

            @Override
            public void refused(RefusalReason reason, Epoch currentEpoch, String detail) {
                fault.compareAndSet(null, "a char link was refused: " + reason + " " + detail);
            }

            @Override
            public void fenced(Epoch currentEpoch) {
                fault.compareAndSet(null, "a char link was fenced");
            }
        }
    }

    /** Ends TLS with client certificates, as ours does, and forwards. */
    private static final class Rival implements Contender {
        private final SSLContext tls;
        private final int port = Haproxy.freePort();
        private final Process process;

        Rival(TestAuthority authority, int charServer) throws Exception {
            tls = context(authority.host(Hosting.host(0)));
            Path folder = Files.createTempDirectory("p2p-bench-");
            try {
                Pem.of(authority.service(ServiceName.DB_PROXY)).write(folder);
                process = Haproxy.start(List.of(), port, """
                        global
                            nbthread 1
                            maxconn 1000
                        defaults
                            mode tcp
                            timeout connect 2s
                            timeout client 1m
                            timeout server 1m
                        listen links
                            bind 127.0.0.1:%d ssl crt %s ca-file %s verify required ssl-min-ver TLSv1.3
                            server char-server 127.0.0.1:%d
                        """.formatted(
                                port, folder.resolve("both.pem"), folder.resolve("ca.pem"), charServer));
            } finally {
                Pem.delete(folder);
            }
        }

        private static SSLContext context(TlsMaterial material) throws Exception {
            char[] password = "bench".toCharArray();
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(null, password);
            keys.setKeyEntry("own", material.key(), password, material.chain().toArray(Certificate[]::new));
            keys.setCertificateEntry("authority", material.authorities().getFirst());
            KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            own.init(keys, password);
            TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trusted.init(keys);
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(own.getKeyManagers(), trusted.getTrustManagers(), null);
            return context;
        }

        @Override
        public Process process() {
            return process;
        }

        @Override
        public Socket connect(int host) throws IOException {
            return cell(tls.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port));
        }

        /** It knows no players: they are the char-server's. */
        @Override
        public int enter(int account) {
            return 1;
        }

        @Override
        public void check() throws IOException {
            if (!process.isAlive()) {
                throw new IOException("haproxy ended");
            }
        }

        @Override
        public int[] inside() {
            return new int[2];
        }

        @Override
        public void close() {
            process.destroyForcibly().onExit().join();
        }
    }

    private static Socket cell(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        return socket;
    }

    /** A key and certificates as files. */
    private record Pem(String key, String certificate, String authority) {
        static Pem of(TlsMaterial material) throws Exception {
            return new Pem(
                    TestAuthority.pem("PRIVATE KEY", material.key().getEncoded()),
                    TestAuthority.pem(material.chain().getFirst()),
                    TestAuthority.pem(material.authorities().getFirst()));
        }

        void write(Path folder) throws IOException {
            Files.writeString(folder.resolve("key.pem"), key);
            Files.writeString(folder.resolve("cert.pem"), certificate);
            Files.writeString(folder.resolve("ca.pem"), authority);
            Files.writeString(folder.resolve("both.pem"), certificate + key);
        }

        static void delete(Path folder) throws IOException {
            for (String file : List.of("key.pem", "cert.pem", "ca.pem", "both.pem")) {
                Files.deleteIfExists(folder.resolve(file));
            }
            Files.delete(folder);
        }
    }
}
