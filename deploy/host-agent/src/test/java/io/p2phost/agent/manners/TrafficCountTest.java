package io.p2phost.agent.manners;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2phost.agent.AgentFailure;
import io.p2phost.agent.MutableTime;
import io.p2phost.agent.machine.Vitals.LinkBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrafficCountTest {
    @TempDir
    Path directory;

    private final MutableTime time = new MutableTime();
    private Path file;

    @BeforeEach
    void place() {
        file = directory.resolve("traffic.json");
    }

    private TrafficCount count() {
        return new TrafficCount(file, time, ZoneOffset.UTC);
    }

    private static LinkBytes eth(long bytes) {
        return new LinkBytes("eth0", bytes);
    }

    @Test
    void aRestartGoesOnCounting() {
        TrafficCount first = count();
        first.note(eth(100));
        first.note(eth(350));
        first.write();
        TrafficCount second = count();
        second.note(eth(10_000));
        second.note(eth(10_050));

        assertThat(second.bytes()).isEqualTo(300);
    }

    @Test
    void aKilledAgentLosesNoMoreThanAMinute() {
        TrafficCount first = count();
        first.note(eth(0));
        first.note(eth(500));
        time.pass(Duration.ofMinutes(1));
        first.note(eth(700));

        assertThat(count().bytes()).isEqualTo(700);
    }

    @Test
    void aCounterThatBeganAnewOrBelongsToAnotherLinkAddsNothing() {
        TrafficCount count = count();
        count.note(eth(5000));
        count.note(eth(100));
        count.note(new LinkBytes("wlan0", 9000));
        count.note(new LinkBytes("wlan0", 9001));

        assertThat(count.bytes()).isEqualTo(1);
    }

    @Test
    void aNewMonthBeginsAtNothingAndAClockSetBackDoesNot() {
        TrafficCount count = count();
        count.note(eth(0));
        count.note(eth(500));
        time.pass(Duration.ofDays(32));
        count.note(eth(600));
        assertThat(count.bytes()).isEqualTo(100);
        time.pass(Duration.ofDays(-32));
        count.note(eth(700));

        assertThat(count.bytes()).isEqualTo(200);
    }

    @Test
    void aCountThatCannotBeReadStopsTheStart() throws IOException {
        Files.writeString(file, "{\"month\":");
        assertThatThrownBy(this::count)
                .isInstanceOf(AgentFailure.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("delete the file to count from nothing");
        Files.writeString(file, "{\"bytes\":5}");
        assertThatThrownBy(this::count).isInstanceOf(AgentFailure.class).hasMessageContaining("missing");
    }
}
