package io.p2phost.registry;

import io.p2phost.testkit.ArchitectureRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    @Test
    void theServiceKeepsToTheArchitecture() {
        ArchitectureRules.check("io.p2phost.registry");
    }
}
