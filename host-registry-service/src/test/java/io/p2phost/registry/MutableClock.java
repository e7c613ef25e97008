package io.p2phost.registry;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that goes when the test says so; also as nanoseconds for durations. */
public final class MutableClock implements InstantSource {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-21T10:00:00Z"));

    @Override
    public Instant instant() {
        return now.get();
    }

    public long nanos() {
        Instant at = now.get();
        return at.getEpochSecond() * 1_000_000_000L + at.getNano();
    }

    public void pass(Duration duration) {
        now.updateAndGet(at -> at.plus(duration));
    }
}
