package io.p2phost.bench;

import io.p2phost.links.tls.TlsMaterial;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** What the tunnel port agrees to. */
final class TunnelCipher {
    static final String WANTED = "TLSv1.3 TLS_AES_256_GCM_SHA384";

    /** Much less than a hello is waited for. */
    private static final int REFUSAL_MILLIS = 2_000;

    private final SSLContext tls;

    TunnelCipher(TlsMaterial host) throws GeneralSecurityException, IOException {
        KeyStore own = empty();
        own.setKeyEntry("own", host.key(), new char[0], host.chain().toArray(Certificate[]::new));
        KeyStore trusted = empty();
        trusted.setCertificateEntry("authority", host.authorities().getFirst());
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, new char[0]);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        tls = SSLContext.getInstance("TLS");
        tls.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    /** Offers everything there is, then everything but the one; gives what was agreed on. */
    String agreed(int port) throws IOException {
        try (SSLSocket socket = socket(port)) {
            socket.setEnabledProtocols(new String[] {"TLSv1.2", "TLSv1.3"});
            socket.setEnabledCipherSuites(socket.getSupportedCipherSuites());
            socket.startHandshake();
            String agreed = socket.getSession().getProtocol() + " "
                    + socket.getSession().getCipherSuite();
            return agreed.equals(WANTED) && isTakenWithoutIt(port) ? agreed + ", and others" : agreed;
        }
    }

    private boolean isTakenWithoutIt(int port) throws IOException {
        try (SSLSocket socket = socket(port)) {
            socket.setEnabledCipherSuites(Stream.of(socket.getSupportedCipherSuites())
                    .filter(suite -> !WANTED.endsWith(suite))
                    .toArray(String[]::new));
            socket.startHandshake();
            // Who is taken is waited for: the port has nothing to say before a hello.
            socket.setSoTimeout(REFUSAL_MILLIS);
            return socket.getInputStream().read() >= 0;
        } catch (SocketTimeoutException e) {
            return true;
        } catch (SSLException | SocketException e) {
            return false;
        }
    }

    private SSLSocket socket(int port) throws IOException {
        return (SSLSocket) tls.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
    }
}
