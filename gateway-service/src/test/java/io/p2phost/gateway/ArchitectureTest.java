package io.p2phost.gateway;

import io.p2phost.testkit.ArchitectureRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    @Test
    void theServiceKeepsTheRules() {
        ArchitectureRules.check("io.p2phost.gateway");
    }
}
