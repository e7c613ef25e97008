package io.p2phost.assignment.standby;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every store of standbys must do. Every case has names of its own, because the real one is shared. */
public abstract class StandbysContract {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    protected abstract Standbys standbys();

    @Test
    void rowIsWrittenReplacedAndRemoved() {
        Standby first = standby("s_one", 3);
        assertThat(standbys().find(first.map())).isEmpty();
        assertThat(standbys().replace(null, first)).isTrue();
        assertThat(standbys().find(first.map())).contains(first);
        assertThat(standbys().all()).contains(first);

        Standby second = new Standby(first.map(), Epoch.of(4), HostId.random(), NOW.plusSeconds(1));
        assertThat(standbys().replace(first, second)).isTrue();
        assertThat(standbys().find(first.map())).contains(second);

        assertThat(standbys().remove(second)).isTrue();
        assertThat(standbys().find(first.map())).isEmpty();
        assertThat(standbys().remove(second)).isFalse();
    }

    @Test
    void whoSawAnotherRowChangesNothing() {
        Standby first = standby("s_two", 3);
        Standby second = first.at(Epoch.of(4));
        standbys().replace(null, first);
        assertThat(standbys().replace(null, second)).isFalse();
        assertThat(standbys().replace(first, second)).isTrue();
        Standby third = standby("s_two", 4);
        assertThat(standbys().replace(first, third)).as("the epoch has changed").isFalse();
        assertThat(standbys().remove(first)).isFalse();
        assertThat(standbys().replace(third, first)).as("another host").isFalse();
        assertThat(standbys().find(first.map())).contains(second);
    }

    @Test
    void ofManyWritersOneWins() throws Exception {
        List<Callable<Boolean>> writers = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            Standby mine = standby("s_race", 1);
            writers.add(() -> standbys().replace(null, mine));
        }
        int won = 0;
        try (ExecutorService executor = Executors.newFixedThreadPool(8)) {
            for (Future<Boolean> writer : executor.invokeAll(writers)) {
                won += writer.get() ? 1 : 0;
            }
        }
        assertThat(won).isOne();
    }

    @Test
    void rowsAreListedInOrder() {
        for (String name : List.of("s_list_b", "s_list_c", "s_list_a")) {
            standbys().replace(null, standby(name, 1));
        }
        assertThat(standbys().all())
                .extracting(Standby::map)
                .isSorted()
                .contains(MapName.of("s_list_a"), MapName.of("s_list_b"), MapName.of("s_list_c"));
    }

    private static Standby standby(String map, long epoch) {
        return new Standby(MapName.of(map), Epoch.of(epoch), HostId.random(), NOW);
    }
}
