package io.p2phost.relay.takeover.net;

import io.p2phost.links.net.LinkTransport;
import io.p2phost.links.tls.CertificateRenewal;
import io.p2phost.relay.RelayProperties;
import io.p2phost.relay.charfront.CharFront;
import io.p2phost.relay.front.Front;
import io.p2phost.relay.takeover.Doors;
import io.p2phost.relay.takeover.Giving;
import io.p2phost.relay.takeover.Holdings;
import io.p2phost.relay.takeover.Ownership;
import io.p2phost.relay.takeover.RelayEstate;
import io.p2phost.relay.takeover.Sockets;
import io.p2phost.relay.takeover.TakeoverMetrics;
import io.p2phost.relay.takeover.Taking;
import io.p2phost.relay.tunnel.HostTunnels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Opens the relay's doors: by taking over from the process that runs, or, without one, as any start does. Then it waits
 * for the next process. Last before the HTTP ports, which cannot be handed over: the running process closes its own first.
 */
@Component
@ConditionalOnProperty("p2p.relay.takeover.socket")
class Takeover implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(Takeover.class);

    /** All of it. Players stand still for as long as it takes. */
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    /** Who cannot be handed over, because he is on his way to another connection or chooses his character, has so long. */
    private static final Duration LAST = Duration.ofSeconds(15);

    /** How long a process that ends may still have its ports. */
    private static final Duration ENDING = Duration.ofSeconds(5);

    /** How long the registry may take to sign the new process's certificate. */
    private static final Duration CERTIFICATE = Duration.ofSeconds(10);

    private static final Duration LOOK = Duration.ofMillis(50);

    private final RelayProperties properties;
    private final Path socket;
    private final LinkTransport transport;
    private final Front front;
    private final @Nullable CharFront charFront;
    private final RelayEstate estate;
    private final Ownership ownership;
    private final HttpPorts http;
    private final TakeoverMetrics metrics;
    private final CertificateRenewal certificate;
    private final ConfigurableApplicationContext context;
    private final Runnable doors;
    private volatile @Nullable ServerSocketChannel listening;
    private volatile boolean given;

    Takeover(
            RelayProperties properties,
            LinkTransport transport,
            Front front,
            HostTunnels tunnels,
            ObjectProvider<CharFront> charFront,
            Sockets sockets,
            HttpPorts http,
            Doors doors,
            TakeoverMetrics metrics,
            CertificateRenewal certificate,
            ConfigurableApplicationContext context) {
        this.properties = properties;
        this.socket = Optional.ofNullable(properties.takeover().socket()).orElseThrow();
        this.transport = transport;
        this.front = front;
        this.charFront = charFront.getIfAvailable();
        this.http = http;
        this.estate = new RelayEstate(front, tunnels, this.charFront, sockets, http);
        this.ownership = new LockFile(Path.of(socket + ".lock"));
        this.metrics = metrics;
        this.certificate = certificate;
        this.context = context;
        this.doors = doors::open;
    }

    @Override
    public int getPhase() {
        return WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE - 1;
    }

    @Override
    public boolean isRunning() {
        return listening != null;
    }

    @Override
    public void start() {
        boolean tookOver = false;
        if (ownership.take(Duration.ZERO)) {
            doors.run();
        } else {
            awaitCertificate();
            tookOver = takeOver();
            if (!tookOver) {
                doors.run();
            }
        }
        awaitNext();
        if (tookOver) {
            http.awaitFree();
        }
    }

    private void awaitNext() {
        try {
            Files.deleteIfExists(socket);
            ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(socket), 1);
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
            listening = server;
            Thread.ofPlatform().daemon().name("takeover").start(() -> serve(server));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "p2p.relay.takeover.socket: " + socket + " (expected: a path in a folder that can be written)", e);
        }
    }

    // ---- taking ----

    /** Hosts come back at once, and without a certificate they would be turned away. */
    private void awaitCertificate() {
        try {
            long end = System.nanoTime() + CERTIFICATE.toNanos();
            while (Files.exists(socket) && certificate.problem().isPresent() && System.nanoTime() < end) {
                Thread.sleep(LOOK);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean takeOver() {
        long since = System.nanoTime();
        try (UnixLine line = UnixLine.ask(socket, transport.group(), DEADLINE)) {
            Holdings holdings = new Taking(properties.relayId(), ownership).take(line);
            estate.takeOn(holdings);
            metrics.tookOver(holdings.players().size());
            log.info(
                    "took over {} players and {} tunnels in {} ms",
                    holdings.players().size(),
                    holdings.tunnels().size(),
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since));
            return true;
        } catch (Taking.RefusedException e) {
            throw new IllegalStateException(
                    "p2p.relay.takeover.socket: " + socket + ": the running process goes on and hands nothing over: "
                            + e.getMessage() + ". Stop it first",
                    e);
        } catch (IOException e) {
            if (ownership.take(ENDING)) {
                log.warn("the running process has ended without handing over: {}", e.getMessage());
                return false;
            }
            throw new UncheckedIOException(
                    "p2p.relay.takeover.socket: " + socket + ": the running process did not hand over, and goes on", e);
        }
    }

    // ---- giving ----

    private void serve(ServerSocketChannel server) {
        while (!given) {
            try (SocketChannel accepted = server.accept()) {
                if (isOwn(accepted)) {
                    give(accepted);
                }
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                log.warn("another process could not be answered: {}", e.toString());
            } catch (RuntimeException e) {
                log.error("handing over failed half-way", e);
            }
        }
        last();
    }

    private boolean isOwn(SocketChannel peer) throws IOException {
        return peer.getOption(ExtendedSocketOptions.SO_PEERCRED).user().equals(Files.getOwner(socket));
    }

    private void give(SocketChannel accepted) throws IOException {
        try (UnixLine line = UnixLine.answer(accepted, transport.group(), DEADLINE)) {
            Giving.Result result = new Giving(properties.relayId(), estate, ownership).give(line);
            metrics.gave(result);
            if (result.outcome() == Giving.Outcome.GIVEN) {
                given = true;
                log.info("handed {} players over", result.players());
            }
        }
    }

    /** Whoever is still here goes by himself within a moment; then there is nothing left to do. */
    private void last() {
        try {
            long end = System.nanoTime() + LAST.toNanos();
            while (connections() > 0 && System.nanoTime() < end) {
                Thread.sleep(LOOK);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        log.info("this process ends, {} connections with it", connections());
        http.endWith(context);
    }

    private int connections() {
        return front.connections() + (charFront == null ? 0 : charFront.connections());
    }

    @Override
    public void stop() {
        ServerSocketChannel server = listening;
        listening = null;
        if (server == null) {
            return;
        }
        try {
            server.close();
            if (!given) {
                Files.deleteIfExists(socket);
            }
        } catch (IOException e) {
            log.warn("{} could not be removed: {}", socket, e.getMessage());
        }
    }
}
