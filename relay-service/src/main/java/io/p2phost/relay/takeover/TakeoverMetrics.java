package io.p2phost.relay.takeover;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** What is counted of restarts. */
public final class TakeoverMetrics {
    private final Counter takenOver;
    private final Counter handedOver;
    private final Counter closed;
    private final Map<Giving.Outcome, Counter> outcomes = new EnumMap<>(Giving.Outcome.class);

    public TakeoverMetrics(MeterRegistry meters) {
        takenOver = meters.counter("p2p_relay_taken_over_total");
        handedOver = meters.counter("p2p_relay_handed_over_total");
        closed = meters.counter("p2p_relay_takeover_closed_total");
        for (Giving.Outcome outcome : Giving.Outcome.values()) {
            String name = outcome.name().toLowerCase(Locale.ROOT);
            outcomes.put(outcome, meters.counter("p2p_relay_takeovers_total", "outcome", name));
        }
    }

    /** Another process had these players until now. */
    public void tookOver(int players) {
        takenOver.increment(players);
    }

    /** Another process asked for everything. */
    public void gave(Giving.Result result) {
        Counter outcome = outcomes.get(result.outcome());
        if (outcome != null) {
            outcome.increment();
        }
        switch (result.outcome()) {
            case GIVEN -> handedOver.increment(result.players());
            case LOST -> closed.increment(result.players());
            case KEPT, REFUSED -> {
                // Nobody has noticed.
            }
        }
    }
}
