package io.p2phost.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.ro.Packet;
import io.p2phost.ro.inter.MapToChar;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PassTest {
    @Test
    void mixIsWhatWasRecordedWithoutLoginsAndKeepAlives() throws Exception {
        List<Packet> mix = PassTraffic.recorded();
        assertThat(mix).hasSizeGreaterThan(90);
        assertThat(mix)
                .extracting(Packet::id)
                .contains(MapToChar.SAVE_CHARACTER, MapToChar.SAVE_ITEMS, MapToChar.USER_COUNT)
                .doesNotContain(MapToChar.MAP_SERVER_LOGIN, MapToChar.KEEP_ALIVE);
    }

    @Test
    void everyPacketArrivesAndEveryKeepAliveIsTimed() throws Exception {
        try (PassCharServer charServer = new PassCharServer();
                PassLoad core = new PassLoad(charServer.port())) {
            long before = charServer.packets();
            PassLoad.Result result = core.run(PassTraffic.recorded(), 1_000, Duration.ofMillis(300));
            assertThat(result.packets()).isEqualTo(300);
            assertThat(result.answers().count()).isEqualTo(30);
            assertThat(result.answers().p50Micros())
                    .isPositive()
                    .isLessThanOrEqualTo(result.answers().p99Micros());
            assertThat(charServer.packets() - before).isBetween(291L, 300L);
        }
    }
}
