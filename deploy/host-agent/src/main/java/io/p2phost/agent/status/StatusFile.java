package io.p2phost.agent.status;

import io.p2phost.agent.home.AtomicFile;
import io.p2phost.contracts.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/** The file through which a running agent shows its status; replaced as a whole each time. */
public final class StatusFile {
    private static final Logger log = LoggerFactory.getLogger(StatusFile.class);

    private final Path file;
    private boolean writable = true;

    public StatusFile(Path file) {
        this.file = file;
    }

    /** Failing to write is a warning, once: hosting does not depend on it. */
    public void write(AgentStatus status) {
        try {
            AtomicFile.writeVolatile(file, Json.mapper().writeValueAsString(status));
            writable = true;
        } catch (IOException e) {
            if (writable) {
                log.warn("{}: cannot be written: {}", file, e.toString());
            }
            writable = false;
        }
    }

    /** What the last agent wrote; empty if there was none, or the file cannot be read. */
    public static Optional<AgentStatus> read(Path file) {
        try {
            return Files.exists(file)
                    ? Optional.of(Json.mapper().readValue(Files.readString(file), AgentStatus.class))
                    : Optional.empty();
        } catch (IOException | JacksonException e) {
            return Optional.empty();
        }
    }
}
