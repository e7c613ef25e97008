package io.p2phost.links.tls;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.util.List;

/** The one TLS profile of all links. */
final class LinkTls {
    static final String PROTOCOL = "TLSv1.3";
    static final String CIPHER = "TLS_AES_256_GCM_SHA384";

    /** Resumption would skip the certificate; a session that has ended after a second cannot be resumed in practice. */
    private static final long SESSION_SECONDS = 1;

    private LinkTls() {}

    static SslContextBuilder server(SslContextBuilder builder) {
        return common(builder).clientAuth(ClientAuth.REQUIRE);
    }

    static SslContextBuilder client(SslContextBuilder builder) {
        // Identities are URNs, checked after the handshake (PeerIdentity); addresses of relays may change.
        return common(builder).endpointIdentificationAlgorithm(null);
    }

    private static SslContextBuilder common(SslContextBuilder builder) {
        return builder.sslProvider(SslProvider.JDK)
                .protocols(PROTOCOL)
                .ciphers(List.of(CIPHER))
                .sessionCacheSize(1)
                .sessionTimeout(SESSION_SECONDS);
    }
}
