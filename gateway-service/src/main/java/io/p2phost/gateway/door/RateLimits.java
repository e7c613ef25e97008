package io.p2phost.gateway.door;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * Token buckets in memory, one per caller and kind of call. The number of buckets is bounded: at the bound the least
 * used one is forgotten, which gives its owner a full bucket again and nobody a way to exhaust memory.
 */
public final class RateLimits {
    private static final Duration FORGET_AFTER = Duration.ofMinutes(10);

    private final Map<Kind, Cache<String, Bucket>> buckets = new EnumMap<>(Kind.class);
    private final Map<Kind, Rate> rates;
    private final TimeMeter time;
    private final MeterRegistry meters;

    /** What is limited apart from the rest. */
    public enum Kind {
        /** Everything a known caller asks. */
        CALLER,
        /** Anonymous calls and refused credentials, by network address. */
        ADDRESS,
        /** Heartbeats: nothing else a host does can use up their share. */
        HEARTBEAT,
        /** Bundles: fetching one leaves the share for everything else as it is. */
        BUNDLE
    }

    /**
     * A limit.
     *
     * @param perSecond calls per second in the long run
     * @param burst calls at once
     */
    public record Rate(int perSecond, int burst) {}

    public RateLimits(Map<Kind, Rate> rates, int mostCallers, Ticker ticker, MeterRegistry meters) {
        this.rates = new EnumMap<>(rates);
        this.meters = meters;
        this.time = new TickerTime(ticker);
        for (Kind kind : Kind.values()) {
            Cache<String, Bucket> cache = Caffeine.newBuilder()
                    .maximumSize(mostCallers)
                    .expireAfterAccess(FORGET_AFTER)
                    .ticker(ticker)
                    .executor(Runnable::run)
                    .build();
            buckets.put(kind, cache);
            meters.gauge(
                    "p2p_gateway_limited_callers",
                    java.util.List.of(io.micrometer.core.instrument.Tag.of("kind", label(kind))),
                    cache,
                    c -> c.estimatedSize());
        }
    }

    /** Takes one call from the caller's share; zero, or how long he has to wait for the next. */
    public Duration take(Kind kind, String caller) {
        long nanos = bucket(kind, caller).tryConsumeAndReturnRemaining(1).getNanosToWaitForRefill();
        if (nanos > 0) {
            meters.counter("p2p_gateway_limited_total", "kind", label(kind)).increment();
        }
        return Duration.ofNanos(nanos);
    }

    long tracked(Kind kind) {
        Cache<String, Bucket> cache = cache(kind);
        cache.cleanUp();
        return cache.estimatedSize();
    }

    private Bucket bucket(Kind kind, String caller) {
        return cache(kind).get(caller, c -> {
            Rate rate = rates.getOrDefault(kind, new Rate(1, 1));
            return Bucket.builder()
                    .addLimit(limit -> limit.capacity(rate.burst).refillGreedy(rate.perSecond, Duration.ofSeconds(1)))
                    .withCustomTimePrecision(time)
                    .build();
        });
    }

    private Cache<String, Bucket> cache(Kind kind) {
        return java.util.Objects.requireNonNull(buckets.get(kind));
    }

    private static String label(Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private record TickerTime(Ticker ticker) implements TimeMeter {
        @Override
        public long currentTimeNanos() {
            return ticker.read();
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    }
}
