package io.p2phost.assignment.standby;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which standbys are linked, as db-proxy last said; what it said too long ago counts for nothing. */
public final class Connected {
    /** A standby that was linked then is most likely linked still; a few looks fit into it. */
    static final Duration GOOD_FOR = Duration.ofSeconds(15);

    private final StandbyLinks links;
    private final InstantSource clock;
    private volatile @Nullable Answer last;

    private record Answer(Set<StandbyLinks.Link> links, Instant at) {}

    public Connected(StandbyLinks links, InstantSource clock) {
        this.links = links;
        this.clock = clock;
    }

    /** Asks anew. */
    void refresh() {
        links.linked().ifPresent(linked -> last = new Answer(Set.copyOf(linked), clock.instant()));
    }

    /** Whether that host's standby for the map is linked; empty when nobody knows. */
    Optional<Boolean> check(HostId host, MapName map) {
        Answer answer = last;
        return answer == null || answer.at().plus(GOOD_FOR).isBefore(clock.instant())
                ? Optional.empty()
                : Optional.of(answer.links().contains(new StandbyLinks.Link(host, map)));
    }

    /** Whether it is known to be linked. */
    public boolean is(Standby standby) {
        return check(standby.host(), standby.map()).orElse(false);
    }

    /** The standby for people to see. */
    public StandbyView view(Standby standby) {
        return new StandbyView(standby.host(), standby.epoch(), standby.since(), is(standby));
    }
}
