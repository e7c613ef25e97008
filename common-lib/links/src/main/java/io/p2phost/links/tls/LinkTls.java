package io.p2phost.links.tls;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContextBuilder;

/** The one TLS profile of all links. */
final class LinkTls {
    static final String PROTOCOL = "TLSv1.3";
    static final String CIPHER = "TLS_AES_256_GCM_SHA384";

    /** Resumption would skip the certificate; a session that has ended after a second cannot be resumed in practice. */
    private static final long SESSION_SECONDS = 1;

    private LinkTls() {}

    static SslContextBuilder server(SslContextBuilder builder, TlsProvider provider) {
        return common(builder, provider).clientAuth(ClientAuth.REQUIRE);
    }

    static SslContextBuilder client(SslContextBuilder builder) {
        // The JDK's, which offers the one cipher only: BoringSSL would take another of BoringSSL.
        // Identities are URNs, checked after the handshake (PeerIdentity); addresses of relays may change.
        return common(builder, TlsProvider.JDK).endpointIdentificationAlgorithm(null);
    }

    private static SslContextBuilder common(SslContextBuilder builder, TlsProvider provider) {
        return builder.sslProvider(provider.netty())
                .protocols(PROTOCOL)
                .ciphers(provider.ciphers())
                .sessionCacheSize(1)
                .sessionTimeout(SESSION_SECONDS);
    }
}
