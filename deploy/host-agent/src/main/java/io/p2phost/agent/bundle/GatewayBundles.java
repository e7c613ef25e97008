package io.p2phost.agent.bundle;

import io.p2phost.agent.gateway.GatewayClient;
import io.p2phost.agent.gateway.GatewayException;
import io.p2phost.agent.gateway.GatewayException.Refused;
import io.p2phost.agent.session.TokenKeeper;
import io.p2phost.bundles.BundleVersion;
import io.p2phost.bundles.Chunks;
import io.p2phost.bundles.Limits;
import io.p2phost.bundles.Sha256;
import java.io.IOException;
import java.time.Duration;

/** Bundles from the gateway, in the host's name. A word to wait is obeyed; everything else is the store's to decide. */
public final class GatewayBundles implements BundleSource {
    /** A piece of 1 MiB in this time is a line that can carry no map. */
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private static final int RELEASE_BYTES = 4096;

    /** Of a gateway that is busy with other hosts' downloads. */
    private static final int ATTEMPTS = 10;

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final GatewayClient gateway;
    private final TokenKeeper token;
    private final Pause pause;

    /** Waiting, replaced in tests. */
    interface Pause {
        void of(Duration time) throws InterruptedException;
    }

    public GatewayBundles(GatewayClient gateway, TokenKeeper token) {
        this(gateway, token, Thread::sleep);
    }

    GatewayBundles(GatewayClient gateway, TokenKeeper token, Pause pause) {
        this.gateway = gateway;
        this.token = token;
        this.pause = pause;
    }

    @Override
    public byte[] release() throws IOException {
        return get("bundle-release", RELEASE_BYTES);
    }

    @Override
    public byte[] manifest(BundleVersion version) throws IOException {
        return get("bundles/" + version + "/manifest", Limits.MANIFEST_BYTES);
    }

    @Override
    public byte[] chunk(Sha256 chunk) throws IOException {
        return get("bundle-chunks/" + chunk, Chunks.BYTES);
    }

    private byte[] get(String path, int mostBytes) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return gateway.bytes(path, token.current(), mostBytes, DEADLINE);
            } catch (Refused e) {
                boolean again = e.status() == 429 || e.status() == 503 || (e.status() == 401 && attempt == 1);
                if (!again || attempt == ATTEMPTS) {
                    throw new IOException(e.getMessage(), e);
                }
                if (e.status() == 401) {
                    token.discard();
                } else {
                    pause(e.retryAfter().orElse(Duration.ofSeconds(1)));
                }
            } catch (GatewayException e) {
                throw new IOException(e.getMessage(), e);
            }
        }
    }

    private void pause(Duration asked) throws IOException {
        try {
            pause.of(asked.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : asked);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
