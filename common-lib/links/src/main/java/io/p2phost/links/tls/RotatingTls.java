package io.p2phost.links.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.time.Duration;

/**
 * The TLS of one side of a link, replaceable while running: connections that stand keep what they were made with, new
 * ones use the newest. Thread-safe.
 */
public final class RotatingTls {
    /** A peer that does not take our goodbye must not hold the socket. */
    private static final Duration CLOSE_NOTIFY_TIMEOUT = Duration.ofMillis(300);

    private volatile Contexts contexts;

    private record Contexts(TlsMaterial material, SslContext server, SslContext client) {
        Contexts(TlsMaterial material) {
            this(material, material.serverContext(), material.clientContext());
        }
    }

    public RotatingTls(TlsMaterial material) {
        contexts = new Contexts(material);
    }

    /** Uses this material for every connection from now on. */
    public void replace(TlsMaterial material) {
        contexts = new Contexts(material);
    }

    /** What new connections are made with. */
    public TlsMaterial material() {
        return contexts.material();
    }

    /** A handler for an accepted connection: demands a client certificate. */
    public SslHandler serverHandler(ByteBufAllocator alloc, Duration handshakeTimeout) {
        return timed(contexts.server().newHandler(alloc), handshakeTimeout);
    }

    /** A handler for a connection that this side makes. */
    public SslHandler clientHandler(ByteBufAllocator alloc, Duration handshakeTimeout) {
        return timed(contexts.client().newHandler(alloc), handshakeTimeout);
    }

    private static SslHandler timed(SslHandler handler, Duration handshakeTimeout) {
        handler.setHandshakeTimeoutMillis(handshakeTimeout.toMillis());
        handler.setCloseNotifyFlushTimeoutMillis(CLOSE_NOTIFY_TIMEOUT.toMillis());
        return handler;
    }
}
