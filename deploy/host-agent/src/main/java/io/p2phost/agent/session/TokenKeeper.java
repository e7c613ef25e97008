package io.p2phost.agent.session;

import io.p2phost.agent.Time;
import io.p2phost.agent.gateway.GatewayClient;
import io.p2phost.agent.gateway.Messages.Token;
import io.p2phost.agent.home.HostKey;
import io.p2phost.contracts.HostId;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The host's access token, fetched when first needed and again at two thirds of its life. Thread-safe. */
public final class TokenKeeper {
    private final GatewayClient gateway;
    private final HostId host;
    private final HostKey key;
    private final Time time;
    private @Nullable String token;
    private long renewAtNanos;

    public TokenKeeper(GatewayClient gateway, HostId host, HostKey key, Time time) {
        this.gateway = gateway;
        this.host = host;
        this.key = key;
        this.time = time;
    }

    /** A token with at least a third of its life left; asks the registry when there is none. */
    public synchronized String current() {
        String held = token;
        if (held != null && time.nanos() - renewAtNanos < 0) {
            return held;
        }
        Token fresh = gateway.token(Assertions.sign(host, key, gateway.serverNow()));
        long lifeSeconds = Math.clamp(fresh.expiresInSeconds(), 1, 86_400);
        renewAtNanos = time.nanos() + Duration.ofSeconds(lifeSeconds).toNanos() * 2 / 3;
        token = fresh.accessToken();
        return fresh.accessToken();
    }

    /** Forgets the token after a 401: the registry's keys may have changed. */
    public synchronized void discard() {
        token = null;
    }

    /** The token held, without asking anybody. */
    synchronized @Nullable String held() {
        return token;
    }
}
