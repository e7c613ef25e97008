package io.p2phost.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/** Counts integration tests ({@code *IT}) that ran, and on what, into the file named by {@code p2p.test.infra-log}. */
public final class InfraCountListener implements TestExecutionListener {
    private int finished;

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        test.getSource()
                .filter(source -> test.isTest())
                .filter(source -> source instanceof MethodSource method
                        && method.getClassName().contains("IT"))
                .ifPresent(source -> finished++);
    }

    @Override
    public void testPlanExecutionFinished(TestPlan plan) {
        String log = System.getProperty("p2p.test.infra-log");
        if (log == null || finished == 0) {
            return;
        }
        try {
            Path file = Path.of(log);
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(
                    file,
                    (TestInfra.shared().onDocker() ? "docker " : "embedded ") + finished + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
