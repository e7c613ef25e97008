package io.p2phost.dbproxy.engine;

import io.micrometer.core.instrument.MeterRegistry;
import io.p2phost.dbproxy.mux.Outside;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what was refused and saved, with details in the log for whoever looks for them, and passes it on. */
public final class WitnessLog implements Engine.Witness {
    private static final Logger log = LoggerFactory.getLogger(WitnessLog.class);

    private final Engine.Witness next;
    private final MeterRegistry meters;

    public WitnessLog(Engine.Witness next, MeterRegistry meters) {
        this.next = next;
        this.meters = meters;
    }

    @Override
    public void violated(Outside.Violation violation) {
        meters.counter("p2p_dbproxy_refused_packets_total", "packet", Integer.toHexString(violation.packet()))
                .increment();
        log.debug(
                "{}: {} about {}: {}",
                violation.server(),
                Integer.toHexString(violation.packet()),
                violation.account(),
                violation.what());
        next.violated(violation);
    }

    @Override
    public void saved(Outside.SaveSeen seen) {
        meters.counter("p2p_dbproxy_saves_total").increment();
        next.saved(seen);
    }
}
