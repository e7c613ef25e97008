package io.p2phost.dbproxy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.contracts.MapName;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class CatalogueTest {
    private static final MapName FIELD = MapName.of("prt_fild08");
    private static final MapName NEXT = MapName.of("prt_fild07");

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    private final Catalogue catalogue = new Catalogue(now::get);

    private void pass(long millis) {
        now.updateAndGet(at -> at.plusMillis(millis));
    }

    @Test
    void passesAChangeOnOnceNoMoreCome() {
        catalogue.entry(FIELD, true);
        pass(900);
        catalogue.entry(NEXT, true);
        pass(900);
        assertThat(catalogue.changed(now.get())).isEmpty();
        pass(100);
        assertThat(catalogue.changed(now.get())).contains(Set.of(FIELD, NEXT));
        assertThat(catalogue.changed(now.get())).as("once").isEmpty();
    }

    @Test
    void whatIsToldAgainIsNoChange() {
        catalogue.entry(FIELD, true);
        pass(1_000);
        assertThat(catalogue.changed(now.get())).isPresent();
        catalogue.entry(FIELD, true);
        catalogue.entry(NEXT, false);
        pass(1_000);
        assertThat(catalogue.changed(now.get())).isEmpty();
        catalogue.entry(FIELD, false);
        pass(1_000);
        assertThat(catalogue.changed(now.get())).contains(Set.of());
    }

    @Test
    void thatThereAreNoneIsSaidOnceItIsKnown() {
        AtomicBoolean read = new AtomicBoolean();
        Catalogue empty = new Catalogue(now::get, read::get);
        assertThat(empty.changed(now.get())).isEmpty();
        read.set(true);
        assertThat(empty.changed(now.get())).contains(Set.of());
        assertThat(empty.changed(now.get())).as("once").isEmpty();
        empty.entry(FIELD, true);
        pass(1_000);
        assertThat(empty.changed(now.get())).contains(Set.of(FIELD));
    }

    @Test
    void whatHasAnOwnerIsEligibleWhileNothingCanBeHeard() {
        catalogue.started(Set.of(FIELD, NEXT));
        pass(9_999);
        assertThat(catalogue.changed(now.get())).isEmpty();
        assertThat(catalogue.isEmpty()).as("nobody knows").isFalse();
        pass(1);
        assertThat(catalogue.changed(now.get())).contains(Set.of(FIELD, NEXT));
        pass(10_000);
        assertThat(catalogue.changed(now.get())).as("once").isEmpty();
        catalogue.entry(FIELD, true);
        catalogue.entry(NEXT, false);
        pass(1_000);
        assertThat(catalogue.changed(now.get())).as("corrected").contains(Set.of(FIELD));
    }

    @Test
    void whatIsHeardCountsAndNotWhatHasAnOwner() {
        catalogue.started(Set.of(FIELD));
        catalogue.entry(NEXT, true);
        pass(10_000);
        assertThat(catalogue.changed(now.get())).contains(Set.of(NEXT));

        Catalogue read = new Catalogue(now::get, () -> true);
        read.started(Set.of(FIELD));
        pass(10_000);
        assertThat(read.changed(now.get())).contains(Set.of());
        assertThat(read.isEmpty()).isTrue();
    }

    @Test
    void withoutOwnersNothingIsAssumed() {
        catalogue.started(Set.of());
        pass(60_000);
        assertThat(catalogue.changed(now.get())).isEmpty();
    }

    @Test
    void takesAsManyMapsAsACharServerDoes() {
        for (int i = 0; i < Catalogue.MAX_MAPS; i++) {
            assertThat(catalogue.entry(MapName.of("map" + i), true)).isTrue();
        }
        assertThat(catalogue.entry(FIELD, true)).isFalse();
        assertThat(catalogue.entry(MapName.of("map1"), true))
                .as("known already")
                .isTrue();
        assertThat(catalogue.entry(MapName.of("map1"), false)).isTrue();
        assertThat(catalogue.entry(FIELD, true)).isTrue();
    }
}
