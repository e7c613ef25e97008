package io.p2phost.links.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.ServiceName;
import io.p2phost.links.DropReason;
import io.p2phost.links.frame.Frame;
import io.p2phost.links.frame.Frames;
import io.p2phost.links.frame.Place;
import io.p2phost.links.frame.ResumeToken;
import io.p2phost.links.mux.LinkSettings;
import io.p2phost.links.net.AddressLimits;
import io.p2phost.links.net.LinkTransport;
import io.p2phost.links.testing.RecordingMetrics;
import io.p2phost.links.testing.TestAuthority;
import io.p2phost.links.tls.PeerIdentity;
import io.p2phost.links.tls.RotatingTls;
import io.p2phost.links.tls.TlsProvider;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom the accepting side lets in: TLS 1.3, one cipher, a P-256 certificate of the authority; whosever TLS it is. */
@ParameterizedClass
@MethodSource("io.p2phost.links.testing.TlsProviders#here")
class TlsProfileTest {
    private static final String TLS13 = "TLSv1.3";
    private static final String CIPHER = "TLS_AES_256_GCM_SHA384";
    private static final int PATIENCE_MILLIS = 10_000;

    @Parameter
    private TlsProvider provider;

    private final Instant tomorrow = Instant.now().plusSeconds(86_400);
    private final TestAuthority authority = new TestAuthority();
    private final String urn = PeerIdentity.HOST_URN + HostId.random().value();
    private final RecordingMetrics metrics = new RecordingMetrics();
    private LinkTransport transport;
    private TunnelServer server;
    private InetSocketAddress address;

    @BeforeEach
    void start() {
        transport = LinkTransport.start("test", 1);
        server = new TunnelServer(
                new TunnelServer.Options(
                        "relay-1", LinkSettings.defaults(), new AddressLimits.Rules(1000, 1000, 1000, 1000, 1000)),
                RotatingTls.accepting(provider, authority.service(ServiceName.RELAY)),
                transport,
                id -> CompletableFuture.completedFuture(Optional.empty()),
                new RelayEvents(),
                metrics);
        address = server.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    @AfterEach
    void stop() {
        server.close();
        transport.close();
    }

    @Test
    void whoHasAllOfItIsLetIn() throws Exception {
        assertThat(isWelcomed(TLS13, CIPHER, "secp256r1", authority, tomorrow)).isTrue();
        assertThat(metrics.drops).isEmpty();
        assertThat(metrics.acceptingNative).containsExactly(provider == TlsProvider.BORINGSSL);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void onLinuxItIsNative() {
        assertThat(TlsProvider.best()).as(TlsProvider.whyNotNative().orElse("")).isEqualTo(TlsProvider.BORINGSSL);
    }

    @ParameterizedTest
    @CsvSource({
        "TLSv1.3, TLS_AES_128_GCM_SHA256",
        "TLSv1.3, TLS_CHACHA20_POLY1305_SHA256",
        "TLSv1.2, TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"
    })
    void otherVersionsAndCiphersAreTurnedAway(String version, String cipher) throws Exception {
        assertThat(isWelcomed(version, cipher, "secp256r1", authority, tomorrow))
                .isFalse();
        isDropped();
    }

    @ParameterizedTest
    @ValueSource(strings = {"secp384r1", "secp521r1"})
    void otherKeysAreTurnedAway(String curve) throws Exception {
        assertThat(isWelcomed(TLS13, CIPHER, curve, authority, tomorrow)).isFalse();
        isDropped();
    }

    @Test
    void whoHasNoCertificateIsTurnedAway() throws Exception {
        assertThat(isWelcomed(TLS13, CIPHER, null, authority, tomorrow)).isFalse();
        isDropped();
    }

    @Test
    void certificatesThatRanOutOrAreOfAnotherAuthorityAreTurnedAway() throws Exception {
        assertThat(isWelcomed(
                        TLS13, CIPHER, "secp256r1", authority, Instant.now().minusSeconds(60)))
                .isFalse();
        isDropped();
        metrics.drops.clear();
        assertThat(isWelcomed(TLS13, CIPHER, "secp256r1", new TestAuthority(), tomorrow))
                .isFalse();
        isDropped();
    }

    private void isDropped() {
        Awaitility.await()
                .untilAsserted(() ->
                        assertThat(metrics.drops).hasSize(1).containsAnyOf(DropReason.WRONG_PEER, DropReason.TLS));
        assertThat(metrics.opened).hasValue(0);
        assertThat(server.size()).isZero();
    }

    private boolean isWelcomed(
            String version, String cipher, @Nullable String curve, TestAuthority issuer, Instant notAfter)
            throws Exception {
        try (SSLSocket socket = (SSLSocket) context(curve, issuer, notAfter)
                .getSocketFactory()
                .createSocket(address.getAddress(), address.getPort())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.setEnabledProtocols(new String[] {version});
            socket.setEnabledCipherSuites(new String[] {cipher});
            socket.startHandshake();
            ByteBuf hello = Frames.encode(
                    UnpooledByteBufAllocator.DEFAULT,
                    new Frame.Hello(Frame.VERSION, 262_144, Place.LEADS, ResumeToken.NONE, "raw"));
            try {
                hello.readBytes(socket.getOutputStream(), hello.readableBytes());
            } finally {
                hello.release();
            }
            return socket.getInputStream().read() >= 0;
        } catch (SSLException | SocketException e) {
            return false;
        }
    }

    private SSLContext context(@Nullable String curve, TestAuthority issuer, Instant notAfter) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("ca", authority.certificate());
        if (curve != null) {
            KeyPair own = TestAuthority.newKey(curve);
            X509Certificate leaf = issuer.sign("CN=leaf", own.getPublic(), urn, notAfter, false);
            store.setKeyEntry("own", own.getPrivate(), new char[0], new X509Certificate[] {leaf});
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }
}
