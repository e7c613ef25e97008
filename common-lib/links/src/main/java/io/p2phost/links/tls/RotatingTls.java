package io.p2phost.links.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The TLS of one side of a link, replaceable while running: connections that stand keep what they were made with, new
 * ones use the newest. Thread-safe.
 */
public final class RotatingTls {
    /** A peer that does not take our goodbye must not hold the socket. */
    private static final Duration CLOSE_NOTIFY_TIMEOUT = Duration.ofMillis(300);

    /** Whose TLS accepts; none on the connecting side. */
    private final @Nullable TlsProvider accepting;

    private volatile @Nullable Loaded loaded;

    private record Loaded(TlsMaterial material, SslContext context) {}

    private RotatingTls(@Nullable TlsProvider accepting) {
        this.accepting = accepting;
    }

    /** The accepting side, without material yet: until {@link #replace}, connections are turned away. */
    public static RotatingTls accepting(TlsProvider provider) {
        return new RotatingTls(provider);
    }

    /** The accepting side. */
    public static RotatingTls accepting(TlsProvider provider, TlsMaterial material) {
        RotatingTls tls = accepting(provider);
        tls.replace(material);
        return tls;
    }

    /** The connecting side. */
    public static RotatingTls connecting(TlsMaterial material) {
        RotatingTls tls = new RotatingTls(null);
        tls.replace(material);
        return tls;
    }

    /** Whose TLS accepts; empty on the connecting side. */
    public Optional<TlsProvider> accepts() {
        return Optional.ofNullable(accepting);
    }

    /** Uses this material for every connection from now on. */
    public void replace(TlsMaterial material) {
        loaded = new Loaded(material, accepting == null ? material.clientContext() : material.serverContext(accepting));
    }

    /** Whether there is material. */
    public boolean isLoaded() {
        return loaded != null;
    }

    /** What new connections are made with. */
    public TlsMaterial material() {
        return loaded().material();
    }

    /** A handler for a new connection; on the accepting side it demands a certificate of the other. */
    public SslHandler handler(ByteBufAllocator alloc, Duration handshakeTimeout) {
        SslHandler handler = loaded().context().newHandler(alloc);
        handler.setHandshakeTimeoutMillis(handshakeTimeout.toMillis());
        handler.setCloseNotifyFlushTimeoutMillis(CLOSE_NOTIFY_TIMEOUT.toMillis());
        return handler;
    }

    private Loaded loaded() {
        Loaded known = loaded;
        if (known == null) {
            throw new IllegalStateException("TLS: no certificate yet (expected: isLoaded() asked first)");
        }
        return known;
    }
}
