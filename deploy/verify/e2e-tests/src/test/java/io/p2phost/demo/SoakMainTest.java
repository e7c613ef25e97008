package io.p2phost.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class SoakMainTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "chaos --minutes 0", "chaos --minutes 1441", "chaos --seed x", "something"})
    void wrongCommandLineIsRefusedBeforeAnythingStarts(String line) {
        String[] words = line.isEmpty() ? new String[0] : line.split(" ");
        assertThat(new CommandLine(new SoakMain()).execute(words)).isEqualTo(2);
    }
}
