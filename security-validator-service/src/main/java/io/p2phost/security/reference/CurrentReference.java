package io.p2phost.security.reference;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The reference in use. A change of the files is taken over as a whole; files that cannot be used leave the last good
 * version in place and are said in the log, the metrics and the service's state.
 */
public final class CurrentReference implements Supplier<Reference> {
    private static final Logger log = LoggerFactory.getLogger(CurrentReference.class);

    private final @Nullable ReferenceFiles files;
    private final Counter failures;
    private volatile Reference reference = Reference.NONE;
    private volatile String fault = "";
    private String fingerprint = "";

    /**
     * Reads the files for the first time.
     *
     * @param files null for none: everything stays inconclusive
     * @throws ReferenceException when they cannot be used: a service starts with a sound reference or not at all
     */
    public CurrentReference(@Nullable ReferenceFiles files, MeterRegistry meters) {
        this.files = files;
        this.failures = meters.counter("p2p_security_reference_failures_total");
        meters.gauge(
                "p2p_security_reference_monsters",
                this,
                c -> c.reference.monsters().size());
        meters.gauge(
                "p2p_security_reference_items", this, c -> c.reference.items().size());
        meters.gauge(
                "p2p_security_reference_skills", this, c -> c.reference.skills().size());
        meters.gauge(
                "p2p_security_reference_maps", this, c -> c.reference.spawns().size());
        if (files != null) {
            fingerprint = files.fingerprint();
            take(files.load());
        }
    }

    @Override
    public Reference get() {
        return reference;
    }

    /** Why the newest files are not in use; empty when they are. */
    public String fault() {
        return fault;
    }

    /** Reads the files again if they changed; returns whether another version is in use now. */
    public synchronized boolean refresh() {
        if (files == null) {
            return false;
        }
        try {
            String now = files.fingerprint();
            if (now.equals(fingerprint)) {
                return false;
            }
            Reference fresh = files.load();
            fingerprint = now;
            fault = "";
            boolean changed = !fresh.version().equals(reference.version());
            take(fresh);
            return changed;
        } catch (ReferenceException e) {
            failures.increment();
            if (!fault.equals(e.getMessage())) {
                log.warn("reference {} stays in use: {}", reference.version(), e.getMessage());
            }
            fault = String.valueOf(e.getMessage());
            return false;
        }
    }

    private void take(Reference fresh) {
        reference = fresh;
        log.info(
                "reference {}: {} monsters, {} items, {} skills, {} maps with spawns",
                fresh.version(),
                fresh.monsters().size(),
                fresh.items().size(),
                fresh.skills().size(),
                fresh.spawns().size());
    }
}
