package io.p2phost.links.charlink;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HistoriesTest {
    @Test
    void twoHundredLinksShareTheLimitAndTheLastStillGetsSomething() {
        Histories histories = new Histories();
        List<Integer> shares = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            shares.add(histories.take());
        }
        assertThat(shares.getFirst()).isEqualTo(Histories.MOST);
        assertThat(shares.getLast()).isGreaterThan(48 * 1024);
        assertThat(shares.stream().mapToLong(Integer::longValue).sum()).isLessThan(64 << 20);

        shares.forEach(histories::giveBack);

        assertThat(histories.take()).isEqualTo(Histories.MOST);
    }

    @Test
    void anyNumberOfLinksStaysBelowTheLimit() {
        Histories histories = new Histories();
        long taken = 0;
        for (int i = 0; i < 10_000; i++) {
            taken += histories.take();
        }
        assertThat(taken).isLessThanOrEqualTo(64 << 20);
    }
}
