package io.p2phost.dbproxy.quarantine;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds for tests of the core. */
final class InMemoryFinds implements Finds {
    private static final Comparator<Find> ORDER =
            Comparator.comparing(Find::foundAt).thenComparing(find -> find.id().toString());

    private final Map<UUID, Find> all = new LinkedHashMap<>();
    private final InstantSource clock;

    InMemoryFinds(InstantSource clock) {
        this.clock = clock;
    }

    void add(Find find) {
        all.put(find.id(), find);
    }

    private Stream<Find> in(Find.State state) {
        return all.values().stream().filter(find -> find.state() == state).sorted(ORDER);
    }

    @Override
    public List<Find> list(Find.State state, @Nullable Integer accountId, int most) {
        return in(state)
                .filter(find -> accountId == null || accountId == find.accountId())
                .limit(most)
                .toList();
    }

    @Override
    public List<Find> waitingSince(Instant before, @Nullable Find behind, int most) {
        return in(Find.State.WAITING)
                .filter(find -> find.foundAt().isBefore(before))
                .filter(find -> behind == null || ORDER.compare(find, behind) > 0)
                .limit(most)
                .toList();
    }

    @Override
    public long waiting() {
        return in(Find.State.WAITING).count();
    }

    @Override
    public Optional<Find> decide(UUID id, Find.State state, String by, @Nullable String reason) {
        return Optional.ofNullable(all.computeIfPresent(
                        id,
                        (any, find) -> find.state() == Find.State.CONFIRMED
                                ? find
                                : new Find(
                                        id,
                                        find.accountId(),
                                        find.characterId(),
                                        find.itemId(),
                                        find.amount(),
                                        find.hostId(),
                                        find.map(),
                                        find.foundAt(),
                                        state,
                                        clock.instant(),
                                        by,
                                        reason)))
                .filter(find -> find.state() == state);
    }

    @Override
    public int forget(Instant before) {
        int size = all.size();
        all.values()
                .removeIf(find -> find.state() == Find.State.CONFIRMED
                        && find.decidedAt() != null
                        && find.decidedAt().isBefore(before));
        return size - all.size();
    }
}
