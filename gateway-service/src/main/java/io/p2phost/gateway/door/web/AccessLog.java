package io.p2phost.gateway.door.web;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.p2phost.contracts.Json;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One JSON line per request to the logger {@code access}, and one timer per route. Never a raw path or a key. */
final class AccessLog {
    private static final Logger log = LoggerFactory.getLogger("access");

    private final InstantSource clock;
    private final MeterRegistry meters;

    AccessLog(InstantSource clock, MeterRegistry meters) {
        this.clock = clock;
        this.meters = meters;
    }

    /**
     * What is said of a request.
     *
     * @param template the route's path; {@code none} when it belongs to no route
     * @param caller who called; {@code -} when nobody said
     */
    record Entry(
            String method, String service, String template, int status, Duration took, String caller, String traceId) {}

    void record(Entry entry) {
        Timer.builder("p2p_gateway_requests")
                .description("Requests by route, until the answer was written")
                .tag("service", entry.service)
                .tag("route", entry.template)
                .tag("method", entry.method)
                .tag("status", Integer.toString(entry.status))
                .register(meters)
                .record(entry.took);
        if (log.isInfoEnabled()) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("time", clock.instant().toString());
            line.put("method", entry.method);
            line.put("path", entry.template);
            line.put("status", entry.status);
            line.put("ms", entry.took.toMillis());
            line.put("service", entry.service);
            line.put("caller", entry.caller);
            line.put("traceId", entry.traceId);
            log.info("{}", Json.mapper().writeValueAsString(line));
        }
    }
}
