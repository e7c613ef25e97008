package io.p2phost.assignment;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the service itself; what the operator decides about maps and hosts is in his files.
 *
 * @param configDir folder with the operator's files for the first start; the packaged copies when empty
 * @param rathenaHome an rAthena tree whose {@code db/map_index.txt} says which maps there are; none when empty
 * @param readyWait how long an entry waits for its host to be ready; longer makes players wait, shorter sends more of
 *     them to the VPS first
 * @param readyTimeout how long a new host has to become ready before its map goes back to the VPS
 * @param readyPenalty how long a host is passed over after it did not become ready
 * @param lossPenalty how long a host is passed over after its loss was reported; longer than the registry's lease,
 *     because until that ends the registry still calls it Ready
 * @param arbiterDeadline how long one call to db-proxy may take
 * @param plannedDeadline how long a planned change of owner may take: db-proxy waits up to 2 s for final saves
 * @param intentLease age from which an intent counts as left behind; more than two calls to db-proxy with a pause, or
 *     one planned change
 * @param migrateHold how long a map stays on the VPS after an operator put it there
 * @param recentlyEntered maps that players entered within this time are offered to hosts again
 * @param entryRetention how long the answer to a request id of an entry or a decision is kept
 * @param sweepInterval pause between two looks at what was left half done
 * @param repairInterval pause between two looks at every map
 * @param relayPollInterval pause between two questions to the registry which relays are alive
 * @param ownersInterval pause between two takings over of all owners in effect
 */
@ConfigurationProperties("p2p.assignment")
public record AssignmentProperties(
        @DefaultValue("") String configDir,
        @DefaultValue("") String rathenaHome,
        @DefaultValue("2s") Duration readyWait,
        @DefaultValue("10s") Duration readyTimeout,
        @DefaultValue("60s") Duration readyPenalty,
        @DefaultValue("20s") Duration lossPenalty,
        @DefaultValue("1500ms") Duration arbiterDeadline,
        @DefaultValue("3500ms") Duration plannedDeadline,
        @DefaultValue("4s") Duration intentLease,
        @DefaultValue("10m") Duration migrateHold,
        @DefaultValue("10m") Duration recentlyEntered,
        @DefaultValue("24h") Duration entryRetention,
        @DefaultValue("1s") Duration sweepInterval,
        @DefaultValue("5s") Duration repairInterval,
        @DefaultValue("3s") Duration relayPollInterval,
        @DefaultValue("30s") Duration ownersInterval) {
    public AssignmentProperties {
        positive("ready-wait", readyWait);
        positive("ready-timeout", readyTimeout);
        positive("arbiter-deadline", arbiterDeadline);
        positive("planned-deadline", plannedDeadline);
        positive("sweep-interval", sweepInterval);
        positive("repair-interval", repairInterval);
        positive("relay-poll-interval", relayPollInterval);
        positive("owners-interval", ownersInterval);
        if (intentLease.compareTo(arbiterDeadline.multipliedBy(2)) <= 0) {
            throw new IllegalArgumentException("p2p.assignment.intent-lease: " + intentLease
                    + " (expected: more than twice arbiter-deadline, " + arbiterDeadline + ")");
        }
        if (intentLease.compareTo(plannedDeadline) <= 0) {
            throw new IllegalArgumentException("p2p.assignment.intent-lease: " + intentLease
                    + " (expected: more than planned-deadline, " + plannedDeadline + ")");
        }
    }

    private static void positive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException("p2p.assignment." + name + ": " + value + " (expected: > 0)");
        }
    }
}
