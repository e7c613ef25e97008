package io.p2phost.registry.enrolment;

import io.p2phost.contracts.HostId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Enrolment codes in a map ordered as PostgreSQL orders UUIDs: by their text. */
public final class InMemoryEnrolmentCodes implements EnrolmentCodes {
    private final TreeMap<String, EnrolmentCode> codes = new TreeMap<>();

    @Override
    public synchronized void add(EnrolmentCode code) {
        codes.put(code.id().toString(), code);
    }

    @Override
    public synchronized Optional<EnrolmentCode> byHash(CodeHash hash) {
        return codes.values().stream().filter(c -> c.hash().equals(hash)).findFirst();
    }

    @Override
    public synchronized boolean use(UUID id, HostId host, Instant now) {
        EnrolmentCode c = codes.get(id.toString());
        if (c == null || !c.openAt(now)) {
            return false;
        }
        codes.put(
                id.toString(),
                new EnrolmentCode(
                        c.id(),
                        c.hash(),
                        c.accountId(),
                        c.label(),
                        c.createdBy(),
                        c.createdAt(),
                        c.expiresAt(),
                        now,
                        host));
        return true;
    }

    @Override
    public synchronized List<EnrolmentCode> list(@Nullable UUID afterId, int limit) {
        return (afterId == null ? codes : codes.tailMap(afterId.toString(), false))
                .values().stream().limit(limit).toList();
    }

    @Override
    public synchronized long countOpen(Instant now) {
        return codes.values().stream().filter(c -> c.openAt(now)).count();
    }

    @Override
    public synchronized long countOpen(long accountId, Instant now) {
        return codes.values().stream()
                .filter(c -> c.accountId() == accountId && c.openAt(now))
                .count();
    }

    @Override
    public synchronized int forgetExpiredBefore(Instant time) {
        int before = codes.size();
        codes.values().removeIf(c -> c.usedAt() == null && c.expiresAt().isBefore(time));
        return before - codes.size();
    }
}
