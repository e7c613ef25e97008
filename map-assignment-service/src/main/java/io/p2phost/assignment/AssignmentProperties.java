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
 * @param observerDeadline how long relays and db-proxy are waited for when they are asked whether they hear a host that
 *     was lost; a failover takes so much longer
 * @param tunnelReturn how long a host whose char links still stand has to make another tunnel before its maps move
 * @param standby how standbys are looked after
 * @param massLoss when too many hosts are lost at once to believe it
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
        @DefaultValue("30s") Duration ownersInterval,
        @DefaultValue("50ms") Duration observerDeadline,
        @DefaultValue("1s") Duration tunnelReturn,
        @DefaultValue StandbyTimes standby,
        @DefaultValue MassLoss massLoss) {
    /**
     * How standbys are looked after.
     *
     * @param interval pause between two looks at every map's standby
     * @param repeat how often every host is told anew; it stands by for 60 s after it was told
     * @param patience how long a standby may be without a link to db-proxy before another host is tried
     * @param unfitFor how long a host is not tried again for a map that it did not stand by for
     */
    public record StandbyTimes(
            @DefaultValue("2s") Duration interval,
            @DefaultValue("15s") Duration repeat,
            @DefaultValue("30s") Duration patience,
            @DefaultValue("10m") Duration unfitFor) {
        public StandbyTimes {
            positive("standby.interval", interval);
            positive("standby.repeat", repeat);
            positive("standby.patience", patience);
            positive("standby.unfit-for", unfitFor);
        }
    }

    /**
     * When so many hosts are lost at once that the fault is more likely the observer's: maps without a standby that is
     * proven alive wait then.
     *
     * @param percent more of the Ready hosts than this are too many; 100 turns the rule off
     * @param minHosts fewer lost hosts are never too many
     * @param window what counts as at once
     * @param hold how long the maps wait; then everybody is asked again
     */
    public record MassLoss(
            @DefaultValue("50") int percent,
            @DefaultValue("5") int minHosts,
            @DefaultValue("5s") Duration window,
            @DefaultValue("3s") Duration hold) {
        public MassLoss {
            if (percent < 1 || percent > 100) {
                throw new IllegalArgumentException(
                        "p2p.assignment.mass-loss.percent: " + percent + " (expected: 1 to 100)");
            }
            if (minHosts < 1) {
                throw new IllegalArgumentException(
                        "p2p.assignment.mass-loss.min-hosts: " + minHosts + " (expected: >= 1)");
            }
            positive("mass-loss.window", window);
            positive("mass-loss.hold", hold);
        }
    }

    public AssignmentProperties {
        positive("ready-wait", readyWait);
        positive("ready-timeout", readyTimeout);
        positive("arbiter-deadline", arbiterDeadline);
        positive("planned-deadline", plannedDeadline);
        positive("sweep-interval", sweepInterval);
        positive("repair-interval", repairInterval);
        positive("relay-poll-interval", relayPollInterval);
        positive("owners-interval", ownersInterval);
        positive("observer-deadline", observerDeadline);
        positive("tunnel-return", tunnelReturn);
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
