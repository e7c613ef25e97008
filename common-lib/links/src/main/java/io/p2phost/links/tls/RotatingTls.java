package io.p2phost.links.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The TLS of one side of a link, replaceable while running: connections that stand keep what they were made with, new
 * ones use the newest. Thread-safe.
 */
public final class RotatingTls {
    /** A peer that does not take our goodbye must not hold the socket. */
    private static final Duration CLOSE_NOTIFY_TIMEOUT = Duration.ofMillis(300);

    private volatile @Nullable Contexts contexts;

    private record Contexts(TlsMaterial material, SslContext server, SslContext client) {
        Contexts(TlsMaterial material) {
            this(material, material.serverContext(), material.clientContext());
        }
    }

    /** Without material yet: until {@link #replace}, connections are turned away. */
    public RotatingTls() {}

    public RotatingTls(TlsMaterial material) {
        contexts = new Contexts(material);
    }

    /** Uses this material for every connection from now on. */
    public void replace(TlsMaterial material) {
        contexts = new Contexts(material);
    }

    /** Whether there is material. */
    public boolean isLoaded() {
        return contexts != null;
    }

    /** What new connections are made with. */
    public TlsMaterial material() {
        return loaded().material();
    }

    /** A handler for an accepted connection: demands a client certificate. */
    public SslHandler serverHandler(ByteBufAllocator alloc, Duration handshakeTimeout) {
        return timed(loaded().server().newHandler(alloc), handshakeTimeout);
    }

    /** A handler for a connection that this side makes. */
    public SslHandler clientHandler(ByteBufAllocator alloc, Duration handshakeTimeout) {
        return timed(loaded().client().newHandler(alloc), handshakeTimeout);
    }

    private Contexts loaded() {
        Contexts known = contexts;
        if (known == null) {
            throw new IllegalStateException("TLS: no certificate yet (expected: isLoaded() asked first)");
        }
        return known;
    }

    private static SslHandler timed(SslHandler handler, Duration handshakeTimeout) {
        handler.setHandshakeTimeoutMillis(handshakeTimeout.toMillis());
        handler.setCloseNotifyFlushTimeoutMillis(CLOSE_NOTIFY_TIMEOUT.toMillis());
        return handler;
    }
}
