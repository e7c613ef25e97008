package io.p2phost.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class OwnersTest {
    private static Owners.Row row(String map, long epoch, String owner) {
        return new Owners.Row(map, epoch, owner, Instant.EPOCH);
    }

    @Test
    void ownersThatFollowOneAnotherAreWell() {
        assertThat(Owners.faults(List.of(
                        row("a", 1, "HOST x"),
                        row("b", 4, "VPS reserve"),
                        row("a", 1, ""),
                        row("a", 2, "HOST y"),
                        row("a", 2, "HOST y"),
                        row("a", 3, "HOST x"))))
                .isEmpty();
    }

    @Test
    void twoOwnersOfAnEpochAreSeenAlsoWhenThereWasNoneBetween() {
        assertThat(Owners.faults(List.of(row("a", 1, "HOST x"), row("a", 1, ""), row("a", 1, "HOST y"))))
                .singleElement()
                .asString()
                .contains("a epoch 1 had HOST x and HOST y");
    }

    @Test
    void epochThatGoesBackAndARowThatIsDeletedAreSeen() {
        assertThat(Owners.faults(List.of(row("a", 3, "HOST x"), row("a", 2, "HOST y"), row("a", -1, ""))))
                .hasSize(2);
    }
}
