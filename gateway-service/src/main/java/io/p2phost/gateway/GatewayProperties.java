package io.p2phost.gateway;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the gateway.
 *
 * @param allowPlainHttp lets the gateway listen without TLS on an address that other machines reach; only for a
 *     container whose port is published on loopback, or behind a proxy on the same machine that speaks TLS
 * @param maxBody longest request body
 * @param maxConfigBody longest text of a configuration file
 * @param maxBundleBody longest manifest or piece of a bundle; a piece has 1 MB
 * @param maxResponse longest answer of a service that is passed on
 */
@ConfigurationProperties("p2p.gateway")
public record GatewayProperties(
        @DefaultValue("false") boolean allowPlainHttp,
        @DefaultValue("64KB") DataSize maxBody,
        @DefaultValue("256KB") DataSize maxConfigBody,
        @DefaultValue("4MB") DataSize maxBundleBody,
        @DefaultValue("4MB") DataSize maxResponse,
        @DefaultValue Keys keys,
        @DefaultValue Limits limits,
        @DefaultValue Deadlines deadlines,
        @DefaultValue Breaker breaker) {
    private static final DataSize MOST = DataSize.ofMegabytes(64);

    public GatewayProperties {
        size("max-body", maxBody);
        size("max-config-body", maxConfigBody);
        size("max-bundle-body", maxBundleBody);
        size("max-response", maxResponse);
    }

    private static void size(String key, DataSize value) {
        if (value.toBytes() < 1_024 || value.compareTo(MOST) > 0) {
            throw new IllegalArgumentException(
                    "p2p.gateway." + key + ": " + value + " (expected: 1KB to " + MOST + ")");
        }
    }

    /**
     * Memory of API keys.
     *
     * @param remember how long an accepted key is believed: shorter asks the registry more often, longer lets a revoked
     *     key live longer; at most a minute
     * @param rememberRefused how long a refused key is refused without asking
     * @param most keys remembered at once
     */
    public record Keys(
            @DefaultValue("60s") Duration remember,
            @DefaultValue("5s") Duration rememberRefused,
            @DefaultValue("10000") int most) {
        private static final Duration LONGEST = Duration.ofSeconds(60);

        public Keys {
            if (remember.isNegative() || remember.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException("p2p.gateway.keys.remember: " + remember + " (expected: 0s to 60s)");
            }
            if (rememberRefused.isNegative() || rememberRefused.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException(
                        "p2p.gateway.keys.remember-refused: " + rememberRefused + " (expected: 0s to 60s)");
            }
            if (most < 1) {
                throw new IllegalArgumentException("p2p.gateway.keys.most: " + most + " (expected: at least 1)");
            }
        }
    }

    /**
     * Shares of callers, as token buckets.
     *
     * @param callerPerSecond calls of one API key or host per second in the long run
     * @param callerBurst its calls at once
     * @param addressPerSecond anonymous calls and refused credentials from one network address
     * @param addressBurst those at once
     * @param heartbeatPerSecond heartbeats of one host, of which it sends one in five seconds
     * @param heartbeatBurst those at once
     * @param bundlePerSecond pieces and manifests of bundles for one API key or host
     * @param bundleBurst those at once
     * @param most callers remembered at once, of each kind
     */
    public record Limits(
            @DefaultValue("500") int callerPerSecond,
            @DefaultValue("1000") int callerBurst,
            @DefaultValue("50") int addressPerSecond,
            @DefaultValue("300") int addressBurst,
            @DefaultValue("2") int heartbeatPerSecond,
            @DefaultValue("20") int heartbeatBurst,
            @DefaultValue("500") int bundlePerSecond,
            @DefaultValue("1000") int bundleBurst,
            @DefaultValue("50000") int most) {
        public Limits {
            rate(callerPerSecond, callerBurst);
            rate(addressPerSecond, addressBurst);
            rate(heartbeatPerSecond, heartbeatBurst);
            rate(bundlePerSecond, bundleBurst);
            if (most < 1) {
                throw new IllegalArgumentException("p2p.gateway.limits.most: " + most + " (expected: at least 1)");
            }
        }
    }

    private static void rate(int perSecond, int burst) {
        if (perSecond < 1 || burst < 1) {
            throw new IllegalArgumentException("p2p.gateway.limits: " + perSecond + " per second, burst " + burst
                    + " (expected: at least 1 each)");
        }
    }

    /**
     * How long a service may take.
     *
     * @param connect until the connection stands
     * @param total until the last byte of the answer
     * @param entries the same for a player entering a map, who waits for it
     */
    public record Deadlines(
            @DefaultValue("500ms") Duration connect,
            @DefaultValue("10s") Duration total,
            @DefaultValue("5s") Duration entries) {
        public Deadlines {
            if (connect.isNegative() || connect.isZero() || connect.compareTo(total) > 0) {
                throw new IllegalArgumentException(
                        "p2p.gateway.deadlines.connect: " + connect + " (expected: above 0, at most total)");
            }
            if (entries.isNegative() || entries.isZero() || entries.compareTo(total) > 0) {
                throw new IllegalArgumentException(
                        "p2p.gateway.deadlines.entries: " + entries + " (expected: above 0, at most total)");
            }
        }
    }

    /**
     * Guard before each service.
     *
     * @param window calls that are looked back at; half of them must be there before anything is judged
     * @param failurePercent failures among them that open the breaker
     * @param open how long nothing is passed on then
     * @param places calls to one service at once; one more is answered 503
     * @param heartbeatPlaces the same for heartbeats, apart
     * @param bundlePlaces the same for bundles, apart; each holds up to 4 MB
     */
    public record Breaker(
            @DefaultValue("20") int window,
            @DefaultValue("50") int failurePercent,
            @DefaultValue("2s") Duration open,
            @DefaultValue("64") int places,
            @DefaultValue("64") int heartbeatPlaces,
            @DefaultValue("16") int bundlePlaces) {
        public Breaker {
            if (window < 2 || window > 1_000) {
                throw new IllegalArgumentException("p2p.gateway.breaker.window: " + window + " (expected: 2 to 1000)");
            }
            if (failurePercent < 1 || failurePercent > 100) {
                throw new IllegalArgumentException(
                        "p2p.gateway.breaker.failure-percent: " + failurePercent + " (expected: 1 to 100)");
            }
            if (open.toMillis() < 100) {
                throw new IllegalArgumentException("p2p.gateway.breaker.open: " + open + " (expected: at least 100ms)");
            }
            int fewest = Math.min(places, Math.min(heartbeatPlaces, bundlePlaces));
            if (fewest < 1) {
                throw new IllegalArgumentException("p2p.gateway.breaker.places: " + fewest + " (expected: at least 1)");
            }
        }
    }
}
