package io.p2phost.metrics;

import io.p2phost.testkit.ArchitectureRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    @Test
    void rulesHold() {
        ArchitectureRules.check("io.p2phost.metrics");
    }
}
