package io.p2phost.relay.announce;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.contracts.event.RelaySessions;
import io.p2phost.relay.route.Route;
import io.p2phost.relay.route.RouteTable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AnnouncerTest {
    private boolean away;
    private long now = -5;
    private int unconfirmed;
    private final Announcer announcer = new Announcer(
            new Announcer.Peers() {
                @Override
                public boolean tellRegistry() {
                    return true;
                }

                @Override
                public Optional<List<Route>> tellDbProxy() {
                    return away ? Optional.empty() : Optional.of(List.of());
                }

                @Override
                public void tellLoad(RelaySessions load) {
                    throw new IllegalStateException("nobody asked for it");
                }
            },
            new RouteTable(),
            new Announcer.Timing(Duration.ofSeconds(5), Duration.ofSeconds(30), () -> now),
            Optional::empty,
            () -> unconfirmed++,
            () -> {
                throw new IllegalStateException("nobody asked for it");
            });

    private void passAndTell(int seconds) {
        now += TimeUnit.SECONDS.toNanos(seconds);
        announcer.tellDbProxy();
    }

    @Test
    void dbProxyUnheardForTooLongIsToldOnceUntilItIsHeardAgain() {
        announcer.tellDbProxy();
        away = true;
        passAndTell(15);
        passAndTell(14);
        assertThat(unconfirmed).isZero();
        passAndTell(1);
        passAndTell(10);
        assertThat(unconfirmed).isEqualTo(1);

        away = false;
        passAndTell(1);
        away = true;
        passAndTell(29);
        assertThat(unconfirmed).isEqualTo(1);
        passAndTell(1);
        assertThat(unconfirmed).isEqualTo(2);
    }

    @Test
    void neverHeardCountsFromTheStart() {
        away = true;
        passAndTell(30);
        assertThat(unconfirmed).isEqualTo(1);
    }
}
