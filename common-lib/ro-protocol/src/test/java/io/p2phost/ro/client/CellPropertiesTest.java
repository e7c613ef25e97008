package io.p2phost.ro.client;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Any cell and any path. */
class CellPropertiesTest {
    @Property
    void cellsComeBackAsTheyWere(
            @ForAll @IntRange(max = 1023) int x,
            @ForAll @IntRange(max = 1023) int y,
            @ForAll @IntRange(max = 1023) int toX,
            @ForAll @IntRange(max = 1023) int toY,
            @ForAll @IntRange(max = 15) int direction) {
        Cell cell = new Cell(x, y, direction);
        assertThat(EnterAccepted.of(1, cell).cell()).isEqualTo(cell);
        OwnWalk walk = OwnWalk.of(1, new Cell(x, y, 0), new Cell(toX, toY, 0));
        assertThat(walk.from()).isEqualTo(new Cell(x, y, 0));
        assertThat(walk.to()).isEqualTo(new Cell(toX, toY, 0));
    }
}
