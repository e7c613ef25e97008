package io.p2phost.links.mux;

import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The route lease: probes each second, and a peer that was silent for the lease is dead. This side distrusts itself
 * first: when its own check comes late by more than the tolerance, the lease starts anew by the slip (bytes that waited
 * in the socket are read before the next check), and silence counts only when two checks on time agree.
 */
final class Liveness {
    private final LinkConnection link;
    private final LongSupplier nanoTime;
    private final long pingNanos;
    private final long deadNanos;
    private final long checkNanos;
    private final long toleranceNanos;

    private @Nullable Future<?> schedule;
    /** Written on the loop alone; others may look. */
    private final AtomicLong heardAt = new AtomicLong();

    private long pingedAt;
    private long checkDueAt;
    private int silentChecks;
    private boolean quiet;

    Liveness(LinkConnection link, LinkSettings settings, LongSupplier nanoTime) {
        this.link = link;
        this.nanoTime = nanoTime;
        this.pingNanos = settings.pingInterval().toNanos();
        this.deadNanos = settings.deadAfter().toNanos();
        this.checkNanos = settings.checkInterval().toNanos();
        this.toleranceNanos = settings.slipTolerance().toNanos();
    }

    void start(ChannelHandlerContext ctx) {
        long now = nanoTime.getAsLong();
        heardAt.setOpaque(now);
        pingedAt = now - pingNanos;
        checkDueAt = now + checkNanos;
        schedule = ctx.executor().scheduleWithFixedDelay(this::check, checkNanos, checkNanos, TimeUnit.NANOSECONDS);
    }

    void stop() {
        if (schedule != null) {
            schedule.cancel(false);
        }
    }

    void heard() {
        heardAt.setOpaque(nanoTime.getAsLong());
        silentChecks = 0;
    }

    /** How long nothing was heard; from any thread. */
    Duration silence() {
        return Duration.ofNanos(Math.max(0, nanoTime.getAsLong() - heardAt.getOpaque()));
    }

    void pong(long nonce) {
        long nanos = nanoTime.getAsLong() - nonce;
        // The value is the peer's echo: only a plausible one is a measurement.
        if (nanos >= 0 && nanos <= deadNanos) {
            link.roundTrip(nanos);
        }
    }

    void check() {
        long now = nanoTime.getAsLong();
        long slip = now - checkDueAt;
        checkDueAt = now + checkNanos;
        if (slip > toleranceNanos) {
            heardAt.setOpaque(Math.min(now, heardAt.getOpaque() + slip));
            silentChecks = 0;
        } else if (now - heardAt.getOpaque() >= deadNanos) {
            silentChecks++;
        } else {
            silentChecks = 0;
        }
        if (silentChecks >= 2) {
            link.silent();
            return;
        }
        boolean half = now - heardAt.getOpaque() >= deadNanos / 2;
        if (half && !quiet) {
            quiet = true;
            link.quiet();
        } else if (!half) {
            quiet = false;
        }
        if (now - pingedAt >= pingNanos - checkNanos / 2) {
            pingedAt = now;
            link.probe(now);
        }
    }
}
