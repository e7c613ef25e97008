package io.p2phost.relay.command;

import io.p2phost.contracts.HostId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What other services know. Calls block, two seconds at most each, and never throw; empty: not known at the moment. */
public interface Suite {
    /** How the suite is, by map-assignment. */
    Optional<Standing> standing();

    /** What relays carry by region, by the metrics service. */
    Optional<List<Load>> loads();

    /** How well the host is placed for another map, in [0,1], by map-assignment. */
    Optional<Double> score(HostId host);

    /** The newest verdicts, the newest first, by the validator; of every host when none is named. */
    Optional<List<Verdict>> verdicts(@Nullable HostId host);

    /**
     * The suite's state.
     *
     * @param onHosts maps on hosts; null when it cannot be read
     * @param onVps maps on the VPS; likewise
     * @param calledHome whether every map was called home; likewise
     * @param degraded one sentence for each thing that is not as it should be
     */
    record Standing(
            String state,
            int hostsKnown,
            int hostsReady,
            @Nullable Integer onHosts,
            @Nullable Integer onVps,
            @Nullable Boolean calledHome,
            List<String> degraded) {}

    /** What a region's relays carry. */
    record Load(String region, int relays, int playerSessions, int hostTunnels) {}

    /** One verdict on a host. */
    record Verdict(HostId hostId, String map, String verdict, int strikes, List<String> findings) {}
}
