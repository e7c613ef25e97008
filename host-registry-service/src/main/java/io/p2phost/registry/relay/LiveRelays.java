package io.p2phost.registry.relay;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.springframework.transaction.annotation.Transactional;

/** Which relays are alive: those that announced themselves within the last while. */
public class LiveRelays {
    private final Relays relays;
    private final Duration lifetime;
    private final InstantSource clock;
    private final Instant startedAt;

    public LiveRelays(Relays relays, Duration lifetime, InstantSource clock) {
        this.relays = relays;
        this.lifetime = lifetime;
        this.clock = clock;
        this.startedAt = clock.instant();
    }

    @Transactional
    public void announce(Relay relay) {
        relays.announce(relay);
    }

    /**
     * The relays that are alive. During one lifetime after a start, silence is measured from the newest announcement
     * on record instead of from now: nobody could announce anything while the registry was away.
     */
    @Transactional(readOnly = true)
    public List<Relay> live() {
        List<Relay> all = relays.all();
        Instant now = clock.instant();
        Instant reference = now.isBefore(startedAt.plus(lifetime))
                ? all.stream().map(Relay::lastSeen).max(Instant::compareTo).orElse(now)
                : now;
        Instant oldest = reference.minus(lifetime);
        return all.stream().filter(r -> !r.lastSeen().isBefore(oldest)).toList();
    }
}
