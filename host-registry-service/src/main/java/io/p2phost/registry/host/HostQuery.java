package io.p2phost.registry.host;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.HostLifeState;
import org.jspecify.annotations.Nullable;

/**
 * Which hosts are wanted; null means any.
 *
 * @param after only hosts with a higher id
 */
public record HostQuery(
        @Nullable HostLifeState state,
        @Nullable Integer tier,
        @Nullable String region,
        @Nullable HostId after,
        int limit) {}
