package io.p2phost.assignment.status;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the suite is.
 *
 * @param state UP when every service and every part it needs is, else DEGRADED
 * @param assignments null while the rows cannot be read, as is calledHome
 * @param protectedPlayers who are on the VPS's copies of maps, whoever hosts these, because only the VPS can read their
 *     clients; null while db-proxy does not say
 * @param degraded one sentence for each thing that is not
 */
public record SuiteStatus(
        String state,
        List<ServiceView> services,
        Hosts hosts,
        Maps maps,
        @Nullable Assignments assignments,
        @Nullable Boolean calledHome,
        @Nullable Integer protectedPlayers,
        List<String> degraded) {
    /** One service. */
    public record ServiceView(String service, String state, Map<String, String> parts) {}

    /** Hosts known, and those that may be given maps. */
    public record Hosts(int known, int ready) {}

    /** Maps that can be listed by name. */
    public record Maps(int known, int eligible) {}

    /** Maps by who owns them; unready ones among the hosts' are not served by them yet. */
    public record Assignments(int onHosts, int onVps, int notReady) {}
}
