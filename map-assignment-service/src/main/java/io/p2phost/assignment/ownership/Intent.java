package io.p2phost.assignment.ownership;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.Owner;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A change of owner that was decided here and is being asked of db-proxy.
 *
 * @param attempt tells two intents for one map apart
 * @param owner null for a release
 * @param fromEpoch the epoch it starts from; db-proxy refuses when the map is elsewhere by now
 */
public record Intent(UUID attempt, @Nullable Owner owner, Epoch fromEpoch, String cause, Instant at) {}
