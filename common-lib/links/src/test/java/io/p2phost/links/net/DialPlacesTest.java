package io.p2phost.links.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DialPlacesTest {
    private final DialPlaces places = new DialPlaces();
    private final List<Integer> gone = new ArrayList<>();

    @Test
    void onlySoManyGoAtOnceAndTheRestInTurn() {
        for (int i = 0; i < 7; i++) {
            int who = i;
            assertThat(places.take("a", () -> gone.add(who))).isTrue();
        }
        assertThat(gone).containsExactly(0, 1, 2, 3);
        assertThat(places.waiting()).isEqualTo(3);
        places.giveBack("a");
        places.giveBack("a");
        assertThat(gone).containsExactly(0, 1, 2, 3, 4, 5);
        for (int i = 0; i < 5; i++) {
            places.giveBack("a");
        }
        assertThat(gone).hasSize(7);
        assertThat(places.waiting()).isZero();
        places.giveBack("a");
        assertThat(places.take("a", () -> gone.add(9))).isTrue();
        assertThat(gone).endsWith(9);
    }

    @Test
    void otherServersDoNotWait() {
        for (int i = 0; i < 10; i++) {
            places.take("a", () -> gone.add(1));
        }
        places.take("b", () -> gone.add(2));
        assertThat(gone).endsWith(2);
    }

    @Test
    void whoIsOneTooManyIsRefused() {
        for (int i = 0; i < DialPlaces.AT_ONCE + DialPlaces.MOST_WAITING; i++) {
            assertThat(places.take("a", () -> {})).isTrue();
        }
        assertThat(places.take("a", () -> {})).isFalse();
    }
}
