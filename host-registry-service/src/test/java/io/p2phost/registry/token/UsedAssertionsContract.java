package io.p2phost.registry.token;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.contracts.HostId;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What every store of used assertions must do. */
public abstract class UsedAssertionsContract {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private final HostId host = HostId.random();

    protected abstract UsedAssertions used();

    @Test
    void anIdIsUsedOncePerHost() {
        assertThat(used().markUsed(host, "one", NOW.plusSeconds(60))).isTrue();
        assertThat(used().markUsed(host, "one", NOW.plusSeconds(90))).isFalse();
        assertThat(used().markUsed(HostId.random(), "one", NOW.plusSeconds(60))).isTrue();
    }

    @Test
    void onlyUnexpiredIdsCount() {
        used().markUsed(host, "one", NOW);
        used().markUsed(host, "two", NOW.plusMillis(1));

        assertThat(used().countLive(host, NOW)).isEqualTo(1);
    }

    @Test
    void expiredIdsAreForgottenAndOthersKept() {
        used().markUsed(host, "one", NOW);
        used().markUsed(host, "two", NOW.plusSeconds(1));

        assertThat(used().forgetExpired(NOW)).isPositive();
        assertThat(used().markUsed(host, "one", NOW)).isTrue();
        assertThat(used().markUsed(host, "two", NOW)).isFalse();
    }
}
