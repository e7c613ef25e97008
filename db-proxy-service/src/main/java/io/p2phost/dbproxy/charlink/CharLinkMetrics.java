package io.p2phost.dbproxy.charlink;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.p2phost.links.CloseReason;
import io.p2phost.links.DropReason;
import io.p2phost.links.LinkMetrics;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What db-proxy counts of its char links. Every label is from a fixed set. */
public final class CharLinkMetrics implements LinkMetrics {
    private final MeterRegistry meters;
    private final Counter opened;
    private final Counter resumed;
    private final LongAdder fromHosts = new LongAdder();
    private final LongAdder toHosts = new LongAdder();
    private final LongAdder buffered = new LongAdder();
    private final AtomicInteger nativeTls = new AtomicInteger();

    public CharLinkMetrics(MeterRegistry meters) {
        this.meters = meters;
        this.opened = meters.counter("p2p_dbproxy_char_links_opened_total");
        this.resumed = meters.counter("p2p_dbproxy_char_link_streams_resumed_total");
        meters.more().counter("p2p_dbproxy_char_link_bytes_total", Tags.of("from", "hosts"), fromHosts);
        meters.more().counter("p2p_dbproxy_char_link_bytes_total", Tags.of("from", "upstream"), toHosts);
        meters.gauge("p2p_dbproxy_char_link_window_bytes", buffered, LongAdder::sum);
        meters.gauge("p2p_dbproxy_char_links_native_tls", nativeTls);
    }

    @Override
    public void accepting(boolean isNative) {
        nativeTls.set(isNative ? 1 : 0);
    }

    @Override
    public void dropped(DropReason reason) {
        meters.counter("p2p_dbproxy_char_links_dropped_total", "reason", label(reason))
                .increment();
    }

    @Override
    public void opened() {
        opened.increment();
    }

    @Override
    public void resumed(int streams) {
        resumed.increment(streams);
    }

    @Override
    public void closed(CloseReason reason) {
        meters.counter("p2p_dbproxy_char_links_closed_total", "reason", label(reason))
                .increment();
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public void bytesIn(int bytes) {
        fromHosts.add(bytes);
    }

    @Override
    public void bytesOut(int bytes) {
        toHosts.add(bytes);
    }

    @Override
    public void buffered(int deltaBytes) {
        buffered.add(deltaBytes);
    }
}
