package io.p2phost.cli;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code p2p-control hosts}; alone it lists. */
@Command(name = "hosts", mixinStandardHelpOptions = true, description = "The players' machines.")
final class HostsCommand implements Runnable {
    private final Session session;

    HostsCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        list(null, null, null);
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "All hosts.")
    void list(
            @Option(names = "--state", paramLabel = "STATE", description = "Only those, such as READY.") @Nullable
                    String state,
            @Option(names = "--tier", paramLabel = "N", description = "Only those.") @Nullable String tier,
            @Option(names = "--region", paramLabel = "REGION", description = "Only those.") @Nullable String region) {
        session.list(
                Gateway.query("hosts", "state", state, "tier", tier, "region", region),
                List.of(
                        "hostId",
                        "name",
                        "accountId",
                        "region",
                        "state",
                        "tier",
                        "cpuGhz",
                        "cpuCores",
                        "ramGb",
                        "networkMbps",
                        "maxMaps",
                        "reason"));
    }

    @Command(name = "show", mixinStandardHelpOptions = true, description = "One host.")
    void show(@Parameters(paramLabel = "ID", description = "The host.") String id) {
        session.show(session.call(gateway -> gateway.get("hosts/" + Gateway.encode(id))));
    }

    @Command(name = "drain", mixinStandardHelpOptions = true, description = "Give it nothing new, move its maps away.")
    void drain(@Parameters(paramLabel = "ID", description = "The host.") String id) {
        act(id, "drain", Map.of());
    }

    @Command(name = "undrain", mixinStandardHelpOptions = true, description = "End a drain.")
    void undrain(@Parameters(paramLabel = "ID", description = "The host.") String id) {
        act(id, "undrain", Map.of());
    }

    @Command(name = "blacklist", mixinStandardHelpOptions = true, description = "Ban it: maps move, links are cut.")
    void blacklist(
            @Parameters(paramLabel = "ID", description = "The host.") String id,
            @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "For the audit log.")
                    String reason) {
        act(id, "blacklist", Map.of("reason", reason));
    }

    @Command(name = "unblacklist", mixinStandardHelpOptions = true, description = "End a ban.")
    void unblacklist(@Parameters(paramLabel = "ID", description = "The host.") String id) {
        act(id, "unblacklist", Map.of());
    }

    private void act(String id, String action, Map<String, String> body) {
        session.show(session.call(gateway -> gateway.post("hosts/" + Gateway.encode(id) + ":" + action, body)));
    }
}
