package io.p2phost.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class StormTest {
    @Test
    void mostWithinASpanCountsNeitherEarlierNorLater() {
        assertThat(Storm.mostWithin(List.of(), 1_000)).isZero();
        assertThat(Storm.mostWithin(List.of(2_000.0, 0.0, 999.0, 1_000.0, 1_998.0), 1_000))
                .isEqualTo(3);
    }

    @Test
    void kernelsCountersAreReadByTheirNames() {
        List<String> lines =
                List.of("TcpExt: A ListenOverflows B", "TcpExt: 1 7 3", "IpExt: ListenOverflows", "IpExt: 9");
        assertThat(Storm.counter(lines, "TcpExt:", "ListenOverflows")).isEqualTo(7);
        assertThat(Storm.counter(lines, "IpExt:", "ListenOverflows")).isEqualTo(9);
        assertThat(Storm.counter(lines, "TcpExt:", "ListenDrops")).isZero();
    }

    @Test
    void someMachinesMustStay() {
        assertThatThrownBy(() -> new Storm.Sizes(10, 10, 50)).isInstanceOf(DemoFailure.class);
        assertThatThrownBy(() -> new Storm.Sizes(251, 10, 50)).isInstanceOf(DemoFailure.class);
    }
}
