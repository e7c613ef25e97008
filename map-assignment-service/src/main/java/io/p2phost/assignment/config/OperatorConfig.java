package io.p2phost.assignment.config;

import io.p2phost.assignment.audit.AuditTrail;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator's files: read once, changed only as a whole that has no faults, kept in versions, applied without a
 * restart. Other instances see a change by {@link #reload()}.
 */
public class OperatorConfig {
    /** Files besides the known ones that may be stored, so that a known one can import them. */
    static final int MAX_IMPORTED_FILES = 25;

    private static final Logger log = LoggerFactory.getLogger(OperatorConfig.class);
    private static final Pattern IMPORTABLE = Pattern.compile("[a-z0-9_]{1,40}\\.conf");

    private final ConfigVersions versions;
    private final AuditTrail audit;
    private final Transactions transactions;
    private final List<Consumer<InForce>> listeners = new CopyOnWriteArrayList<>();
    private final ReentrantLock applying = new ReentrantLock();
    private volatile @Nullable InForce inForce;

    public OperatorConfig(ConfigVersions versions, AuditTrail audit, Transactions transactions) {
        this.versions = versions;
        this.audit = audit;
        this.transactions = transactions;
    }

    /**
     * Reads what is stored, or at the first start stores what is given.
     *
     * @param first texts by file name
     * @throws InvalidConfigurationException when the files have faults
     */
    public void start(Map<String, String> first) {
        transactions.run(() -> {
            versions.lock();
            if (versions.revision() == 0) {
                if (ConfigReader.read(first) instanceof Reading.Refused refused) {
                    throw new InvalidConfigurationException(refused);
                }
                first.forEach((file, text) -> versions.append(file, 1, text, "first start"));
            }
            return true;
        });
        reload();
    }

    /** What is in force now. */
    public InForce current() {
        InForce known = inForce;
        if (known == null) {
            throw new IllegalStateException("configuration: not read yet");
        }
        return known;
    }

    /** Calls the listener with what is in force, now and after every change. */
    public void onChange(Consumer<InForce> listener) {
        applying.lock();
        try {
            listeners.add(listener);
            listener.accept(current());
        } finally {
            applying.unlock();
        }
    }

    /** Takes over what another instance stored. */
    public void reload() {
        InForce known = inForce;
        if (known != null && known.revision() == versions.revision()) {
            return;
        }
        apply(versions.newest());
    }

    /**
     * Changes a file.
     *
     * @param ifVersion the version the caller saw; null for any
     */
    public ConfigChange put(String file, String text, @Nullable Integer ifVersion, String actor) {
        ConfigChange change = transactions.run(() -> store(file, text, ifVersion, actor));
        if (change instanceof ConfigChange.Applied) {
            apply(versions.newest());
        }
        return change;
    }

    private ConfigChange store(String file, String text, @Nullable Integer ifVersion, String actor) {
        versions.lock();
        Map<String, ConfigVersion> stored = byName(versions.newest());
        ConfigVersion before = stored.get(file);
        if (before == null && !mayBeStored(file, stored)) {
            return new ConfigChange.UnknownFile("one of "
                    + Arrays.stream(ConfFile.values()).map(ConfFile::fileName).collect(Collectors.joining(", "))
                    + ", or at most " + MAX_IMPORTED_FILES + " others to import, named " + IMPORTABLE.pattern());
        }
        int version = before == null ? 0 : before.version();
        if (ifVersion != null && ifVersion != version) {
            return new ConfigChange.Changed(version);
        }
        Map<String, String> texts = texts(stored);
        texts.put(file, text);
        return switch (ConfigReader.read(texts)) {
            case Reading.Refused refused -> new ConfigChange.Refused(refused.faults());
            case Reading.Accepted accepted -> {
                List<String> warnings = accepted.config().warnings();
                if (before != null && before.text().equals(text)) {
                    yield new ConfigChange.Applied(before, warnings);
                }
                ConfigVersion now = versions.append(file, version + 1, text, actor);
                audit.record(
                        actor,
                        "config.put",
                        "config:" + file,
                        "ok",
                        Map.of(
                                "version", Integer.toString(now.version()),
                                "revision", Long.toString(now.revision())));
                yield new ConfigChange.Applied(now, warnings);
            }
        };
    }

    /** A version of a file; the newest without a number. */
    public Optional<ConfigVersion> version(String file, @Nullable Integer version) {
        return version == null ? Optional.ofNullable(current().files().get(file)) : versions.find(file, version);
    }

    private void apply(List<ConfigVersion> newest) {
        Map<String, ConfigVersion> stored = byName(newest);
        long revision = newest.stream().mapToLong(ConfigVersion::revision).max().orElse(0);
        applying.lock();
        try {
            InForce known = inForce;
            if (known != null && known.revision() >= revision) {
                return;
            }
            switch (ConfigReader.read(texts(stored))) {
                case Reading.Refused refused -> throw new InvalidConfigurationException(refused);
                case Reading.Accepted accepted -> {
                    InForce now = new InForce(revision, accepted.config(), stored);
                    inForce = now;
                    accepted.config().warnings().forEach(log::warn);
                    log.info("configuration: revision {} is in force", revision);
                    listeners.forEach(listener -> listener.accept(now));
                }
            }
        } finally {
            applying.unlock();
        }
    }

    private static boolean mayBeStored(String file, Map<String, ConfigVersion> stored) {
        if (ConfFile.byName(file).isPresent()) {
            return true;
        }
        long others = stored.keySet().stream()
                .filter(name -> ConfFile.byName(name).isEmpty())
                .count();
        return IMPORTABLE.matcher(file).matches() && others < MAX_IMPORTED_FILES;
    }

    private static Map<String, ConfigVersion> byName(List<ConfigVersion> newest) {
        return newest.stream().collect(Collectors.toMap(ConfigVersion::file, v -> v));
    }

    private static Map<String, String> texts(Map<String, ConfigVersion> stored) {
        Map<String, String> texts = new LinkedHashMap<>();
        stored.forEach((name, version) -> texts.put(name, Objects.requireNonNull(version.text())));
        return texts;
    }
}
