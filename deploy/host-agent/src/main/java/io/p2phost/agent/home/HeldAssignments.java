package io.p2phost.agent.home;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.Json;
import io.p2phost.contracts.MapName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * The (map, epoch) pairs this host was last told to carry, kept over restarts in {@code assignments.json}. They are
 * offers, not rights: whether the epoch is still current is decided by db-proxy and relay, so a lost or torn file costs
 * nothing but a moment until the next heartbeat's answer.
 */
public final class HeldAssignments {
    private static final Logger log = LoggerFactory.getLogger(HeldAssignments.class);

    private final Path file;

    public HeldAssignments(Path file) {
        this.file = file;
    }

    private record Entry(MapName map, Epoch epoch) {}

    private record Document(List<Entry> assignments) {}

    /** What was held; empty, with a warning, when the file is torn. */
    public Map<MapName, Epoch> read() {
        Map<MapName, Epoch> held = new TreeMap<>();
        if (!Files.exists(file)) {
            return held;
        }
        try {
            Document document = Json.mapper().readValue(Files.readString(file), Document.class);
            document.assignments().forEach(entry -> held.put(entry.map(), entry.epoch()));
        } catch (IOException | JacksonException | NullPointerException e) {
            log.warn(
                    "{}: cannot be read, starting without it: {}",
                    file,
                    e.getClass().getSimpleName());
            held.clear();
        }
        return held;
    }

    /** Replaces the file. A full disk is a warning: the server's word decides, this file only speeds a restart up. */
    public void write(Map<MapName, Epoch> held) {
        try {
            List<Entry> entries = held.entrySet().stream()
                    .map(entry -> new Entry(entry.getKey(), entry.getValue()))
                    .toList();
            AtomicFile.write(file, Json.mapper().writeValueAsString(new Document(entries)));
        } catch (IOException e) {
            log.warn("{}: cannot be written: {}", file, e.toString());
        }
    }
}
