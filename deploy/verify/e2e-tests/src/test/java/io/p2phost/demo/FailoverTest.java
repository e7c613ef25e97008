package io.p2phost.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FailoverTest {
    @Test
    void percentileIsOneOfTheValues() {
        List<Double> values =
                IntStream.rangeClosed(1, 200).mapToObj(i -> 201.0 - i).toList();
        assertThat(Failover.percentile(values, 0)).isEqualTo(1);
        assertThat(Failover.percentile(values, 0.5)).isEqualTo(100);
        assertThat(Failover.percentile(values, 0.99)).isEqualTo(198);
        assertThat(Failover.percentile(values, 1)).isEqualTo(200);
    }
}
