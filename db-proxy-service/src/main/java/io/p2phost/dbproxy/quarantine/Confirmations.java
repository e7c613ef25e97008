package io.p2phost.dbproxy.quarantine;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.HostLifeState;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Decides finds: an operator's word at once, else time. What a host gave that is blacklisted, quarantined or unknown by then
 * waits for an operator.
 */
public final class Confirmations {
    static final int AT_ONCE = 200;
    static final String TIME = "db-proxy";

    /** How long confirmed finds can be looked up. */
    static final Duration REMEMBERED = Duration.ofDays(90);

    private final Finds finds;
    private final Function<HostId, Optional<HostLifeState>> hosts;
    private final Told told;
    private final Duration wait;
    private final InstantSource clock;

    /** Whoever marks what is saved. */
    public interface Told {
        void confirmed(int accountId, int itemId, int amount);
    }

    /**
     * Makes it.
     *
     * @param hosts their states; empty when unknown
     * @param wait how long a find waits
     */
    public Confirmations(
            Finds finds,
            Function<HostId, Optional<HostLifeState>> hosts,
            Told told,
            Duration wait,
            InstantSource clock) {
        this.finds = finds;
        this.hosts = hosts;
        this.told = told;
        this.wait = wait;
        this.clock = clock;
    }

    /** Confirms what has waited long enough; how many. */
    public int sweep() {
        Instant now = clock.instant();
        Map<HostId, Boolean> inGoodStanding = new HashMap<>();
        int confirmed = 0;
        Find last = null;
        List<Find> some;
        do {
            some = finds.waitingSince(now.minus(wait), last, AT_ONCE);
            for (Find find : some) {
                if (inGoodStanding.computeIfAbsent(find.hostId(), this::isInGoodStanding)) {
                    confirmed +=
                            decide(find.id(), Find.State.CONFIRMED, TIME, null).isPresent() ? 1 : 0;
                }
                last = find;
            }
        } while (some.size() == AT_ONCE);
        finds.forget(now.minus(REMEMBERED));
        return confirmed;
    }

    private boolean isInGoodStanding(HostId host) {
        return hosts.apply(host)
                .filter(state -> state != HostLifeState.BLACKLISTED && state != HostLifeState.QUARANTINED)
                .isPresent();
    }

    /** Decides one; empty when there is none, or it is confirmed. */
    public Optional<Find> decide(UUID id, Find.State state, String by, @Nullable String reason) {
        Optional<Find> decided = finds.decide(id, state, by, reason);
        decided.filter(find -> find.state() == Find.State.CONFIRMED)
                .ifPresent(find -> told.confirmed(find.accountId(), find.itemId(), find.amount()));
        return decided;
    }
}
