package io.p2phost.assignment.selection;

import io.p2phost.contracts.HostId;
import org.jspecify.annotations.Nullable;

/**
 * One host as looked at for a map: either a score or a refusal.
 *
 * @param activeMaps maps it carries now
 */
public record Candidate(
        HostId hostId,
        String name,
        String region,
        int activeMaps,
        @Nullable Score score,
        @Nullable Refusal refusal) {}
