package io.p2phost.links.tls;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whose TLS accepts links. The connecting side's is always the JDK's. */
public enum TlsProvider {
    /** Native code, which costs a fraction. It takes every cipher of TLS 1.3: {@link PeerIdentity} looks which one it was. */
    BORINGSSL(SslProvider.OPENSSL),

    /** Everywhere. */
    JDK(SslProvider.JDK);

    private final SslProvider netty;

    TlsProvider(SslProvider netty) {
        this.netty = netty;
    }

    /** BoringSSL where its native code can be loaded, else the JDK's. Loads it. */
    public static TlsProvider best() {
        return OpenSsl.isAvailable() ? BORINGSSL : JDK;
    }

    /** Why BoringSSL cannot be had here, in one line; empty where it can. */
    public static Optional<String> whyNotNative() {
        Throwable why = OpenSsl.unavailabilityCause();
        for (Throwable deeper = why; deeper != null; deeper = below(deeper)) {
            why = deeper;
        }
        return Optional.ofNullable(why)
                .map(cause -> cause.toString().lines().findFirst().orElse(""));
    }

    /** Of several names that were tried, the first is this system's own. */
    private static @Nullable Throwable below(Throwable failure) {
        return failure.getCause() == null && failure.getSuppressed().length > 0
                ? failure.getSuppressed()[0]
                : failure.getCause();
    }

    SslProvider netty() {
        return netty;
    }

    List<String> ciphers() {
        return switch (this) {
            case JDK -> List.of(LinkTls.CIPHER);
            // It cannot be told which: to name fewer is answered with a line in the log for each certificate.
            case BORINGSSL -> List.of(LinkTls.CIPHER, "TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256");
        };
    }
}
