package io.p2phost.assignment;

import io.p2phost.testkit.ArchitectureRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    @Test
    void coresAreFreeOfFrameworksAndAdaptersAreClosed() {
        ArchitectureRules.check("io.p2phost.assignment");
    }
}
