package io.p2phost.dbproxy.engine;

import io.micrometer.core.instrument.MeterRegistry;
import io.p2phost.dbproxy.mux.Outside;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what was refused; details for whoever looks for them. */
public final class ViolationLog implements Engine.Witness {
    private static final Logger log = LoggerFactory.getLogger(ViolationLog.class);

    private final MeterRegistry meters;

    public ViolationLog(MeterRegistry meters) {
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
    }

    @Override
    public void saved(Outside.SaveSeen seen) {
        meters.counter("p2p_dbproxy_saves_total").increment();
    }
}
