package io.p2phost.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Programs that a test starts and that come with the operating system. */
public final class Programs {
    private Programs() {}

    /**
     * Skips the test where the program is not installed; with {@code CI} in the environment that is a failure, so that
     * nothing skips itself unseen.
     */
    public static void require(String program) {
        boolean installed = List.of(System.getenv("PATH").split(":", -1)).stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
        if (System.getenv("CI") == null) {
            assumeTrue(installed, program + " is not installed");
        }
        assertThat(installed).as(program + " is installed").isTrue();
    }
}
