package io.p2phost.relay;

import io.p2phost.testkit.ArchitectureRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    @Test
    void rulesHold() {
        ArchitectureRules.check("io.p2phost.relay");
    }
}
