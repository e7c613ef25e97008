package io.p2phost.links.mux;

import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.Future;
import io.p2phost.links.RoundTrip;
import java.time.Duration;
import java.util.ArrayDeque;
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
    /** As many as are under way at most: one a second, good for three. */
    private static final int PROBES = 4;

    private final LinkConnection link;
    private final LongSupplier nanoTime;
    private final long pingNanos;
    private final long deadNanos;
    private final long checkNanos;
    private final long toleranceNanos;

    private @Nullable Future<?> schedule;
    /** Written on the loop alone; others may look. */
    private final AtomicLong heardAt = new AtomicLong();

    /** When the last probes were sent that are not answered yet. */
    private final ArrayDeque<Long> unanswered = new ArrayDeque<>(PROBES);

    private volatile @Nullable RoundTrip trip;
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

    /** An answer to one of the last probes, by the very instant at which it was sent: a peer cannot answer before it is asked. */
    void pong(long nonce) {
        if (unanswered.remove(nonce)) {
            long nanos = nanoTime.getAsLong() - nonce;
            RoundTrip before = trip;
            trip = before == null ? RoundTrip.first(nanos) : before.and(nanos);
            link.roundTrip(nanos);
        }
    }

    /** From any thread; null before the first answer. */
    @Nullable
    RoundTrip trip() {
        return trip;
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
            if (unanswered.size() == PROBES) {
                unanswered.removeFirst();
            }
            unanswered.addLast(now);
            link.probe(now);
        }
    }
}
