package io.p2phost.registry.enrolment;

import io.p2phost.contracts.HostId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A one-time code as it is kept; of the code itself only a keyed hash.
 *
 * @param hostId the host that redeemed it; null while it is open
 */
public record EnrolmentCode(
        UUID id,
        CodeHash hash,
        long accountId,
        String label,
        String createdBy,
        Instant createdAt,
        Instant expiresAt,
        @Nullable Instant usedAt,
        @Nullable HostId hostId) {
    /** Whether it can still be redeemed at that time. */
    public boolean openAt(Instant now) {
        return usedAt == null && now.isBefore(expiresAt);
    }
}
