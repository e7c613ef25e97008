package io.p2phost.agent.manners;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2phost.agent.AgentFailure;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.Objects;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreferencesTest {
    /** A Monday. */
    private static final String MONDAY = "2026-11-23T";

    private static Preferences parse(String text) {
        return Preferences.parse("manners.conf", text);
    }

    @Test
    void withoutAFileNothingIsHostedOnBatteryOrOverAMeteredLink() {
        Preferences preferences = Preferences.read(Path.of("no-such-file"));

        assertThat(preferences).isEqualTo(Preferences.STANDARD).isEqualTo(parse(""));
        assertThat(preferences.hostOnBattery()).isFalse();
        assertThat(preferences.hostOnMetered()).isFalse();
        assertThat(preferences.hours()).isNull();
    }

    @Test
    void everyKeyIsRead() {
        Preferences preferences = parse("""
                exclusive_programs: [Game.exe, obs]
                hours:
                  every_day: never
                  monday: ["08:00-10:00", "22:00-02:00"]
                monthly_traffic_gb: 200
                host_on_battery: true
                pause_after_input_minutes: 5
                host_on_metered: true
                max_celsius: 85
                calm_minutes: 10
                hand_over_seconds: 60
                """);

        assertThat(preferences.exclusivePrograms()).containsExactlyInAnyOrder("game.exe", "obs");
        assertThat(preferences.monthlyGigabytes()).isEqualTo(OptionalInt.of(200));
        assertThat(preferences.hostOnBattery()).isTrue();
        assertThat(preferences.inputMinutes()).isEqualTo(OptionalInt.of(5));
        assertThat(preferences.hostOnMetered()).isTrue();
        assertThat(preferences.maxCelsius()).isEqualTo(OptionalInt.of(85));
        assertThat(preferences.calm()).isEqualTo(Duration.ofMinutes(10));
        assertThat(preferences.handOver()).isEqualTo(Duration.ofMinutes(1));
    }

    @ParameterizedTest
    @CsvSource({
        "07:59,false",
        "08:00,true",
        "09:59,true",
        "10:00,false",
        "21:59,false",
        "22:00,true",
        "23:59,true",
        "01:59,false"
    })
    void hoursBeginAndEndToTheMinute(String time, boolean within) {
        Hours hours = Objects.requireNonNull(
                parse("hours: {monday: [\"08:00-10:00\", \"22:00-02:00\"]}").hours());

        assertThat(hours.contains(LocalDateTime.parse(MONDAY + time))).isEqualTo(within);
        assertThat(hours.contains(LocalDateTime.parse("2026-11-24T01:59")))
                .as("Monday's night goes on on Tuesday")
                .isTrue();
        assertThat(hours.contains(LocalDateTime.parse("2026-11-24T02:00"))).isFalse();
    }

    @Test
    void aDayThatIsNotNamedHasTheHoursOfEveryDay() {
        Hours hours = Objects.requireNonNull(
                parse("hours: {every_day: always, monday: never}").hours());

        assertThat(hours.contains(LocalDateTime.parse(MONDAY + "12:00"))).isFalse();
        assertThat(hours.contains(LocalDateTime.parse("2026-11-24T12:00"))).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "monthly_traffic_gb: 0|manners.conf:1: monthly_traffic_gb: 0 (expected: a whole number from 1 to 1000000)",
                "host_on_battery: maybe|manners.conf:1: host_on_battery: maybe (expected: true or false)",
                "host_on_metered: 1|(expected: true or false)",
                "pause_after_input_minutes: 241|(expected: a whole number from 1 to 240)",
                "max_celsius: 39|(expected: a whole number from 40 to 110)",
                "calm_minutes: 0|(expected: a whole number from 1 to 120)",
                "hand_over_seconds: 4|(expected: a whole number from 5 to 900)",
                "exclusive_programs: [/usr/bin/game]|(expected: names of programs without their folder",
                "hours: {monday: 8-10}|hours.monday: 8-10 (expected: HH:MM-HH:MM up to 24:00, always or never)",
                "hours: {monday: 25:00-26:00}|(expected: HH:MM-HH:MM",
                "hours: {moonday: never}|hours.moonday: moonday (expected: monday to sunday, or every_day)",
                "exclusive_program: game|exclusive_program (expected: a key of manners.conf)",
                "'[1]'|manners.conf:1: the file: (expected: key: value lines)"
            })
    void whatIsWrongStopsTheStartWithItsLine(String text, String message) {
        assertThatThrownBy(() -> parse(text)).isInstanceOf(AgentFailure.class).hasMessageContaining(message);
    }

    @Test
    void allFaultsAreReportedAtOnce() {
        assertThatThrownBy(() -> parse("max_celsius: 1\ncalm_minutes: x\nmax_celsius: 90\n"))
                .hasMessageContaining("manners.conf:1: max_celsius")
                .hasMessageContaining("manners.conf:2: calm_minutes")
                .hasMessageContaining("manners.conf:3: max_celsius: max_celsius (expected: each key once)");
    }
}
