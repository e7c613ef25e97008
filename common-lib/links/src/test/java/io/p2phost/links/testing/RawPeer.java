package io.p2phost.links.testing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.p2phost.links.frame.Frame;
import io.p2phost.links.frame.FrameDecoder;
import io.p2phost.links.frame.Frames;
import io.p2phost.links.tls.TlsMaterial;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** A peer with a good certificate that sends whatever frames a test wants, when it wants, and reads only when told. */
public final class RawPeer implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 10_000;

    private final SSLSocket socket;
    private final EmbeddedChannel decoder = new EmbeddedChannel(new FrameDecoder());
    private final byte[] buffer = new byte[16 * 1024];

    public RawPeer(InetSocketAddress address, TlsMaterial material) throws IOException {
        socket = (SSLSocket) context(material).getSocketFactory().createSocket(address.getAddress(), address.getPort());
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setEnabledCipherSuites(new String[] {"TLS_AES_256_GCM_SHA384"});
        socket.startHandshake();
    }

    private static SSLContext context(TlsMaterial material) throws IOException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(
                    "own", material.key(), new char[0], material.chain().toArray(new X509Certificate[0]));
            for (int i = 0; i < material.authorities().size(); i++) {
                store.setCertificateEntry("ca" + i, material.authorities().get(i));
            }
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, new char[0]);
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    /** Sends a frame that is not DATA. */
    public void send(Frame frame) throws IOException {
        write(Frames.encode(UnpooledByteBufAllocator.DEFAULT, frame));
    }

    /** Sends a DATA frame. */
    public void send(int streamId, byte[] payload) throws IOException {
        write(Unpooled.wrappedBuffer(
                Frames.dataHeader(UnpooledByteBufAllocator.DEFAULT, streamId, payload.length),
                Unpooled.wrappedBuffer(payload)));
    }

    private void write(ByteBuf bytes) throws IOException {
        try {
            bytes.readBytes(socket.getOutputStream(), bytes.readableBytes());
        } finally {
            bytes.release();
        }
    }

    /** The next frame that is no probe; null when the other side has ended. The caller owns the payload of DATA. */
    public @Nullable Frame next() throws IOException {
        while (true) {
            Frame frame = decoder.readInbound();
            if (frame instanceof Frame.Ping ping) {
                send(new Frame.Pong(ping.nonce()));
            } else if (frame != null) {
                return frame;
            } else {
                int n = socket.getInputStream().read(buffer);
                if (n < 0) {
                    return null;
                }
                decoder.writeInbound(Unpooled.copiedBuffer(buffer, 0, n));
            }
        }
    }

    /** Breaks the connection off, without a goodbye. */
    @Override
    public void close() throws IOException {
        decoder.finishAndReleaseAll();
        socket.close();
    }
}
