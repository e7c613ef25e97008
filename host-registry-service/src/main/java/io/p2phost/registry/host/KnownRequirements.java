package io.p2phost.registry.host;

import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.registry.refusal.Refused;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The requirements in force: what map-assignment-service says, else what it said last, also before a restart. */
public final class KnownRequirements {
    private static final Logger log = LoggerFactory.getLogger(KnownRequirements.class);

    private final RemoteRequirements remote;
    private final RequirementsStore store;
    private final InstantSource clock;
    private volatile @Nullable Requirements last;

    public KnownRequirements(RemoteRequirements remote, RequirementsStore store, InstantSource clock) {
        this.remote = remote;
        this.store = store;
        this.clock = clock;
    }

    /**
     * The requirements to judge by.
     *
     * @throws Refused when they were never known
     */
    public Requirements current() {
        Optional<Requirements> fetched = remote.fetch();
        if (fetched.isPresent()) {
            remember(fetched.get());
            return fetched.get();
        }
        Requirements known = last;
        if (known == null) {
            known = store.load().orElse(null);
            last = known;
        }
        if (known == null) {
            throw new Refused(
                    ProblemType.UNAVAILABLE,
                    "requirements: map-assignment does not answer and they were never known (expected: try again)");
        }
        log.info("requirements: map-assignment does not answer, version {} is used", known.version());
        return known;
    }

    private void remember(Requirements fetched) {
        if (!fetched.equals(last)) {
            store.save(fetched, clock.instant());
            last = fetched;
        }
    }
}
