package io.p2phost.kit.web;

import io.p2phost.contracts.ServiceName;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /internal/v1/ping}: is the service up, and which of the parts it needs are. Checked at most every 2 s. */
@RestController
@AllowAnonymous
class PingController {
    private static final Duration FRESH = Duration.ofSeconds(2);

    private final ServiceName service;
    private final List<PartState> parts;
    private final ApplicationAvailability availability;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Ping last;

    PingController(ServiceName service, List<PartState> parts, ApplicationAvailability availability, Clock clock) {
        this.service = service;
        this.parts = parts;
        this.availability = availability;
        this.clock = clock;
    }

    @GetMapping("/internal/v1/ping")
    Ping ping() {
        lock.lock();
        try {
            Ping known = last;
            if (known != null && clock.instant().isBefore(known.checkedAt().plus(FRESH))) {
                return known;
            }
            Map<String, String> states = new TreeMap<>();
            parts.forEach(p -> states.putAll(p.states()));
            boolean up = availability.getReadinessState() == ReadinessState.ACCEPTING_TRAFFIC
                    && states.values().stream().allMatch("UP"::equals);
            Ping fresh = new Ping(service.id(), up ? "UP" : "DEGRADED", states, clock.instant());
            last = fresh;
            return fresh;
        } finally {
            lock.unlock();
        }
    }

    record Ping(String service, String state, Map<String, String> parts, Instant checkedAt) {}
}
