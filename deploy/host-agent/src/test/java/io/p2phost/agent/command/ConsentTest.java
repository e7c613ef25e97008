package io.p2phost.agent.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2phost.agent.AgentFailure;
import io.p2phost.agent.cell.Confinement;
import io.p2phost.agent.home.AgentHome;
import io.p2phost.agent.home.ConsentFile;
import io.p2phost.agent.home.HostNodeConf;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsentTest {
    private static final Confinement NOTHING = new Confinement(false, false, false, 100, false, false);
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    @TempDir
    Path directory;

    private final List<String> asked = new ArrayList<>();
    private final StringWriter out = new StringWriter();
    private AgentHome home = new AgentHome(Path.of("none"));

    @BeforeEach
    void makeHome() {
        home = new AgentHome(directory.resolve("home"));
        home.create();
    }

    private void require(boolean accepted, @Nullable String answer) {
        Consent.require(
                home,
                HostNodeConf.NONE,
                NOTHING,
                accepted,
                text -> {
                    asked.add(text);
                    return answer;
                },
                new PrintWriter(out, true),
                NOW);
    }

    @Test
    void heIsAskedOnceAndWithWhatThisMachineDoesNotKeepApart() {
        require(false, " Y ");
        require(false, null);
        assertThat(asked)
                .singleElement()
                .satisfies(text -> assertThat(text).contains("sandbox: NONE").doesNotContain("{0}", "{1}"));
    }

    @Test
    void everyOtherAnswerIsNo() {
        for (String answer : new String[] {"", "n", "yes please", "Y\u0000"}) {
            assertThatThrownBy(() -> require(false, answer))
                    .isInstanceOf(AgentFailure.class)
                    .hasMessageContaining("nothing runs");
        }
        assertThat(home.consentFile()).doesNotExist();
    }

    @Test
    void whoSaidSoBeforeIsShownTheTextAndNotAsked() {
        require(true, null);
        assertThat(out.toString()).contains("WHAT RUNS");
        assertThat(asked).isEmpty();
        require(false, null);
    }

    @Test
    void anotherVersionOfTheTextIsAskedForAgain() throws Exception {
        require(true, null);
        ConsentFile file = Consent.file(home);
        assertThat(file.isGiven(Consent.VERSION)).isTrue();
        assertThat(file.isGiven(Consent.VERSION + 1)).isFalse();
        Files.writeString(home.consentFile(), "garbled");
        assertThat(file.isGiven(Consent.VERSION)).isFalse();
    }

    @Test
    void everyLanguageSaysTheSameThings() {
        String english = Consent.text(HostNodeConf.NONE, NOTHING, Locale.ENGLISH);
        String german = Consent.text(HostNodeConf.NONE, NOTHING, Locale.GERMAN);
        assertThat(german).contains("WAS LÄUFT").isNotEqualTo(english);
        assertThat(headings(german)).isEqualTo(headings(english));
        assertThat(Consent.text(HostNodeConf.NONE, NOTHING, Locale.FRENCH)).isEqualTo(english);
    }

    private static long headings(String text) {
        return text.lines()
                .filter(line -> !line.isBlank() && !line.startsWith(" ") && line.equals(line.toUpperCase(Locale.ROOT)))
                .count();
    }
}
