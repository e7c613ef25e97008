package io.p2phost.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class FiguresTest {
    @Test
    void medianIsTheMiddleOrTheMeanOfTheTwoInTheMiddle() {
        assertThat(Figures.median(List.of(9.0, 1.0, 5.0))).isEqualTo(5.0);
        assertThat(Figures.median(List.of(1.0, 2.0, 4.0, 100.0))).isEqualTo(3.0);
        assertThatThrownBy(() -> Figures.median(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void lastLineShowsTheRatioOrADash() {
        assertThat(new Outcome("x", 2, 4.0, "other", "s", 5, List.of(), List.of()).line())
                .isEqualTo("x ours=2.000 rival=4.000 ratio=0.500 unit=s rounds=5");
        assertThat(new Outcome("x", 250.4, null, null, "us", 5, List.of(), List.of()).line())
                .isEqualTo("x ours=250 rival=- ratio=- unit=us rounds=5");
    }

    @Test
    void spreadIsMedianAndRange() {
        assertThat(Figures.spread("x", List.of(3.0, 1.0, 8.0)))
                .containsEntry("what", "x")
                .containsEntry("median", 3.0)
                .containsEntry("least", 1.0)
                .containsEntry("most", 8.0)
                .containsEntry("rounds", 3);
    }

    @Test
    void treeSeesThisProcess() {
        ProcessTree tree = ProcessTree.of(List.of(ProcessHandle.current().pid()));
        assertThat(tree.cpuSeconds()).isPositive();
        assertThat(tree.memoryMegabytes()).isBetween(10.0, 10_000.0);
        assertThat(ProcessTree.of(List.of(Long.MAX_VALUE)).processes()).isZero();
    }
}
