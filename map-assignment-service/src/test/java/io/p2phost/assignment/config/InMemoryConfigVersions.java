package io.p2phost.assignment.config;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Versions in memory. */
public final class InMemoryConfigVersions implements ConfigVersions {
    private final List<ConfigVersion> all = new ArrayList<>();

    @Override
    public void lock() {}

    @Override
    public long revision() {
        return all.size();
    }

    @Override
    public List<ConfigVersion> newest() {
        Map<String, ConfigVersion> newest = new LinkedHashMap<>();
        all.forEach(version -> newest.put(version.file(), version));
        return List.copyOf(newest.values());
    }

    @Override
    public Optional<ConfigVersion> find(String file, int version) {
        return all.stream()
                .filter(v -> v.file().equals(file) && v.version() == version)
                .findFirst();
    }

    @Override
    public ConfigVersion append(String file, int version, String text, String author) {
        if (find(file, version).isPresent()) {
            throw new IllegalStateException(file + " " + version);
        }
        ConfigVersion appended = new ConfigVersion(all.size() + 1L, file, version, text, author, Instant.EPOCH);
        all.add(appended);
        return appended;
    }
}
