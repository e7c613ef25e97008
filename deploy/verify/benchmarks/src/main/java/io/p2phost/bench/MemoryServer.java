package io.p2phost.bench;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.util.internal.PlatformDependent;
import io.p2phost.dbproxy.charlink.CharLinkMetrics;
import io.p2phost.dbproxy.engine.Engine;
import io.p2phost.dbproxy.mux.EntryAnswer;
import io.p2phost.dbproxy.mux.EntryRequest;
import io.p2phost.dbproxy.mux.Outside;
import io.p2phost.links.charlink.CharLinkHello;
import io.p2phost.links.charlink.CharLinkServer;
import io.p2phost.links.charlink.CharLinkServerListener;
import io.p2phost.links.charlink.CharLinkVerdict;
import io.p2phost.links.mux.LinkSettings;
import io.p2phost.links.mux.StreamListener;
import io.p2phost.links.net.AddressLimits;
import io.p2phost.links.net.LinkTransport;
import io.p2phost.links.tls.RotatingTls;
import io.p2phost.links.tls.TlsMaterial;
import io.p2phost.links.tls.TlsProvider;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/**
 * Ours, in a process of its own: db-proxy's engine and its char links over TLS. It prints its port and does what it is
 * told line by line: {@code enter ACCOUNT} as a relay does, {@code memory}.
 */
final class MemoryServer {
    /** All hosts of the measurement have one address. */
    private static final AddressLimits.Rules LIMITS = new AddressLimits.Rules(4_000, 4_000, 1_000, 1_000, 16_384);

    private static final int CLIENT_IP = 0x7f00_0009;
    private static final int MEBIBYTE = 1 << 20;

    private MemoryServer() {}

    /** Folder with {@code key.pem}, {@code cert.pem} and {@code ca.pem}; the char-server's port; hosts. */
    public static void main(String[] args) throws Exception {
        Path tls = Path.of(args[0]);
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        CharLinkMetrics metrics = new CharLinkMetrics(meters);
        try (LinkTransport transport =
                        LinkTransport.start("char-links", Runtime.getRuntime().availableProcessors());
                Engine engine = EngineAlone.engine(
                        Integer.parseInt(args[1]),
                        metrics,
                        Hosting.owners(Integer.parseInt(args[2])),
                        new Told(),
                        meters);
                CharLinkServer links = new CharLinkServer(
                        new CharLinkServer.Options(LinkSettings.defaults(), LIMITS),
                        RotatingTls.accepting(
                                TlsProvider.best(),
                                TlsMaterial.ofPem(
                                        Files.readString(tls.resolve("key.pem")),
                                        Files.readString(tls.resolve("cert.pem")),
                                        Files.readString(tls.resolve("ca.pem")))),
                        transport,
                        hello -> CompletableFuture.completedFuture(CharLinkVerdict.accept()),
                        new Cells(engine),
                        metrics)) {
            engine.start(() -> System.exit(1));
            InetSocketAddress bound = links.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            while (engine.problem().isPresent()) {
                Thread.sleep(50);
            }
            say("port " + bound.getPort());
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] words = line.split(" ");
                if (words[0].equals("enter")) {
                    enter(engine, Integer.parseInt(words[1]));
                } else {
                    memory();
                }
            }
        }
    }

    private static void enter(Engine engine, int account) {
        engine.enter(new EntryRequest("relay-1", CLIENT_IP, account, MemoryPlayer.character(account), 1, 0))
                .orElseThrow()
                .thenAccept(answer -> {
                    switch (answer) {
                        case EntryAnswer.Routed routed ->
                            say("entered " + account + " " + routed.route().loginId1());
                        case EntryAnswer.Refused refused -> say("refused " + account + ": " + refused.detail());
                    }
                });
    }

    /** In MiB: what of the heap is in use after a collection, and memory outside of it. */
    @SuppressWarnings("removal")
    private static void memory() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        long buffers = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        long direct = Math.max(buffers, PlatformDependent.usedDirectMemory());
        say("memory " + (runtime.totalMemory() - runtime.freeMemory()) / MEBIBYTE + " " + direct / MEBIBYTE);
    }

    private static synchronized void say(String line) {
        System.out.println(line);
    }

    private record Cells(Engine engine) implements CharLinkServerListener {
        @Override
        public StreamListener cell(CharLinkHello hello) {
            return engine.cell(hello);
        }
    }

    /** An honest load is refused nothing. */
    private static final class Told implements Engine.Witness {
        @Override
        public void violated(Outside.Violation violation) {
            say("refused " + violation);
        }

        @Override
        public void saved(Outside.SaveSeen seen) {}
    }
}
