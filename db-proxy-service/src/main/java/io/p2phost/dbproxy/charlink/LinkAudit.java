package io.p2phost.dbproxy.charlink;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.p2phost.contracts.HostId;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what happens to links into the audit trail, behind the event loops. The same refusal of the same claim is
 * written once a minute, and no more than a bounded number of entries wait: a rogue host fills a counter, not the table.
 */
public final class LinkAudit implements AutoCloseable {
    /** Entries that may wait for the database. */
    static final int MAX_WAITING = 256;

    private static final Logger log = LoggerFactory.getLogger(LinkAudit.class);
    private static final Duration REPEAT = Duration.ofMinutes(1);
    private static final int MAX_REMEMBERED = 10_000;

    /** Entries of one host a minute: more than an honest one has maps. */
    static final int MAX_PER_HOST = 64;

    private final BlockingQueue<LinkEvent> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
    private final Cache<LinkEvent, Boolean> lately;
    private final Cache<HostId, AtomicInteger> perHost;
    private final Consumer<LinkEvent> trail;
    private final Counter repeated;
    private final Counter dropped;
    private volatile @Nullable Thread writer;

    /**
     * Makes a trail's front.
     *
     * @param trail writes one entry; blocks for the database
     */
    public LinkAudit(Consumer<LinkEvent> trail, Ticker ticker, MeterRegistry meters) {
        this.trail = trail;
        this.lately = Caffeine.newBuilder()
                .ticker(ticker)
                .expireAfterWrite(REPEAT)
                .maximumSize(MAX_REMEMBERED)
                .build();
        this.perHost = Caffeine.newBuilder()
                .ticker(ticker)
                .expireAfterWrite(REPEAT)
                .maximumSize(MAX_REMEMBERED)
                .build();
        this.repeated = meters.counter("p2p_dbproxy_char_link_audit_skipped_total", "why", "repeated");
        this.dropped = meters.counter("p2p_dbproxy_char_link_audit_skipped_total", "why", "full");
    }

    /** Begins to write. */
    public void start() {
        writer = Thread.ofVirtual().name("char-link-audit").start(this::write);
    }

    /** Takes an event over; never blocks. */
    public void note(LinkEvent event) {
        if (event instanceof LinkEvent.Refused && lately.asMap().putIfAbsent(event, true) != null) {
            repeated.increment();
            return;
        }
        int ofThisHost =
                perHost.get(event.hello().host(), host -> new AtomicInteger()).incrementAndGet();
        if (ofThisHost > MAX_PER_HOST || !waiting.offer(event)) {
            dropped.increment();
        }
    }

    private void write() {
        try {
            while (true) {
                LinkEvent event = waiting.take();
                try {
                    trail.accept(event);
                } catch (RuntimeException e) {
                    dropped.increment();
                    log.warn("{} could not be written to the audit trail: {}", event, e.getMessage());
                }
            }
        } catch (InterruptedException e) {
            log.debug("the audit of char links ends with {} entries unwritten", waiting.size());
        }
    }

    @Override
    public void close() {
        Thread running = writer;
        if (running != null) {
            running.interrupt();
        }
    }
}
