package io.p2phost.dbproxy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutputGateTest {
    private final OutputGate gate = new OutputGate();
    private final List<String> out = new ArrayList<>();

    private void pass(String what) {
        gate.pass(() -> out.add(what));
    }

    @Test
    void whatDependsOnNothingPasses() {
        pass("a");
        assertThat(out).containsExactly("a");
    }

    @Test
    void outputWaitsForWhatWasJournaledBeforeItAndForNothingThatCameLater() {
        long first = gate.journal();
        pass("a");
        long second = gate.journal();
        pass("b");
        assertThat(out).isEmpty();
        gate.free(first);
        assertThat(out).containsExactly("a");
        pass("c");
        gate.free(second);
        assertThat(out).containsExactly("a", "b", "c");
        pass("d");
        assertThat(out).endsWith("d");
    }

    @Test
    void oneThatIsFreedFreesThoseBeforeIt() {
        gate.journal();
        pass("a");
        gate.free(gate.journal());
        assertThat(out).containsExactly("a");
    }

    @Test
    void outputThatJournalsHoldsUpThoseBehindIt() {
        long first = gate.journal();
        gate.pass(gate::journal);
        pass("b");
        gate.free(first);
        pass("c");
        assertThat(out).containsExactly("b");
        gate.free(2);
        assertThat(out).containsExactly("b", "c");
    }
}
