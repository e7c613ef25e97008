package io.p2phost.agent.home;

import io.p2phost.agent.AgentFailure;
import io.p2phost.agent.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The owner's own word: until when the agent of this home pauses. The running agent looks at it; a restart keeps it. */
public final class PauseFile {
    /** Until the owner says otherwise. */
    public static final Instant FOR_EVER = Instant.parse("9999-12-31T00:00:00Z");

    private final Path file;

    public PauseFile(Path file) {
        this.file = file;
    }

    public void pause(Instant until) {
        try {
            AtomicFile.write(file, until + System.lineSeparator());
        } catch (IOException e) {
            throw new AgentFailure(ExitCode.HOME, "pause: cannot be written to " + file + ": " + e, e);
        }
    }

    /** Takes the pause back; answers whether there was one. */
    public boolean resume() {
        try {
            return Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new AgentFailure(ExitCode.HOME, "pause: " + file + " cannot be deleted: " + e, e);
        }
    }

    /** Null without a pause. What cannot be read is a pause all the same: somebody wanted one. */
    public @Nullable Instant until() {
        if (!Files.exists(file)) {
            return null;
        }
        try {
            return Instant.parse(Files.readString(file).strip());
        } catch (IOException | DateTimeException e) {
            // Taken back between the two looks, or written by hand.
            return Files.exists(file) ? FOR_EVER : null;
        }
    }
}
