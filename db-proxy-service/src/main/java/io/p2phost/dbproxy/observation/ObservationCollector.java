package io.p2phost.dbproxy.observation;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.p2phost.contracts.ServiceName;
import io.p2phost.contracts.event.Fact;
import io.p2phost.contracts.event.Fact.Protocol;
import io.p2phost.contracts.event.Observation;
import io.p2phost.dbproxy.mux.Outside.SaveSeen;
import io.p2phost.dbproxy.mux.Outside.Violation;
import io.p2phost.dbproxy.mux.ServerKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Adds up what the multiplexer sees of hosts' map-servers and publishes it: refusals ten seconds after the first, saves
 * every ten minutes. Nobody is named. What the reserve is refused for too, which is our own, is no host's doing: the suite
 * does not fit the server's build then. Everything is bounded, and what does not fit is counted. Calls return at once.
 */
public final class ObservationCollector {
    /** Cells watched at once, for refusals and for saves; a host has one for each of its maps. */
    static final int MAX_CELLS = 4_000;

    static final Duration REFUSALS = Duration.ofSeconds(10);
    static final Duration SAVES = Duration.ofMinutes(10);

    /** How long a refusal of the reserve's keeps hosts from being reported for the same. */
    static final Duration OURS = Duration.ofHours(1);

    /** Refusals of the reserve remembered. */
    static final int MAX_OURS = 256;

    /** Kinds that a map-server's build can be the cause of. */
    private static final Set<Protocol.Kind> OF_THE_BUILD =
            Set.of(Protocol.Kind.FORBIDDEN, Protocol.Kind.MISSHAPEN, Protocol.Kind.FOREIGN_ID);

    private final Observations observations;
    private final InstantSource clock;
    private final Counter published;
    private final Counter lost;
    private final Counter withheld;
    private final Map<ServerKey.Cell, Refusals> refusals = new LinkedHashMap<>();
    private final Map<ServerKey.Cell, Gains> gains = new LinkedHashMap<>();
    private final Map<Refusals.Seen, Instant> ours = new HashMap<>();

    public ObservationCollector(Observations observations, InstantSource clock, MeterRegistry meters) {
        this.observations = observations;
        this.clock = clock;
        this.published = meters.counter("p2p_dbproxy_observations_total", "result", "published");
        this.lost = meters.counter("p2p_dbproxy_observations_total", "result", "lost");
        this.withheld = meters.counter("p2p_dbproxy_observations_total", "result", "withheld");
    }

    /** A map-server was refused something. */
    public synchronized void violated(Violation violation) {
        Refusals.Seen seen = Refusals.Seen.of(violation);
        Instant now = clock.instant();
        switch (violation.server()) {
            case ServerKey.Core core -> {
                // Passed through; nothing of it is refused.
            }
            case ServerKey.Reserve reserve -> {
                if (OF_THE_BUILD.contains(seen.kind()) && (ours.size() < MAX_OURS || ours.containsKey(seen))) {
                    ours.put(seen, now);
                }
            }
            case ServerKey.Cell cell -> refused(cell, seen, now);
        }
    }

    private void refused(ServerKey.Cell cell, Refusals.Seen seen, Instant now) {
        Instant ourOwn = ours.get(seen);
        if (ourOwn != null && now.isBefore(ourOwn.plus(OURS))) {
            withheld.increment();
            return;
        }
        Refusals window = refusals.get(cell);
        if (window == null && refusals.size() < MAX_CELLS) {
            window = new Refusals(now);
            refusals.put(cell, window);
        }
        if (window == null || !window.add(seen)) {
            lost.increment();
        }
    }

    /** A save was accepted. */
    public synchronized void saved(SaveSeen seen) {
        if (!(seen.server() instanceof ServerKey.Cell cell)) {
            return;
        }
        Instant now = clock.instant();
        Gains period = gains.get(cell);
        if (period == null && gains.size() < MAX_CELLS) {
            period = new Gains(now);
            gains.put(cell, period);
        }
        if (period == null || !period.add(seen, now)) {
            lost.increment();
        }
    }

    /** Publishes what is complete; to be called about once a second. */
    public void flush() {
        complete().forEach(observations::publish);
    }

    private synchronized List<Observation> complete() {
        Instant now = clock.instant();
        List<Observation> complete = new ArrayList<>();
        Iterator<Map.Entry<ServerKey.Cell, Refusals>> windows =
                refusals.entrySet().iterator();
        while (windows.hasNext()) {
            Map.Entry<ServerKey.Cell, Refusals> window = windows.next();
            Refusals seen = window.getValue();
            if (!now.isBefore(seen.from.plus(REFUSALS))) {
                complete.add(observation(window.getKey(), seen.from, now, seen.facts()));
                windows.remove();
            }
        }
        Iterator<Map.Entry<ServerKey.Cell, Gains>> periods = gains.entrySet().iterator();
        while (periods.hasNext()) {
            Map.Entry<ServerKey.Cell, Gains> period = periods.next();
            Gains seen = period.getValue();
            if (now.isBefore(seen.from.plus(SAVES))) {
                continue;
            }
            if (seen.isEmpty()) {
                // Nobody was saved there for as long: the cell is gone.
                periods.remove();
            } else {
                complete.add(observation(period.getKey(), seen.from, now, seen.facts()));
                period.setValue(seen.next(now));
            }
        }
        ours.values().removeIf(at -> !now.isBefore(at.plus(OURS)));
        published.increment(complete.size());
        return complete;
    }

    private static Observation observation(ServerKey.Cell cell, Instant from, Instant to, List<Fact> facts) {
        return new Observation(
                UUID.randomUUID().toString(),
                ServiceName.DB_PROXY.id(),
                cell.host(),
                cell.map(),
                cell.epoch(),
                from,
                to,
                facts);
    }
}
