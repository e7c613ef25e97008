package io.p2phost.cli;

import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code p2p-control vps}; alone it lists. */
@Command(name = "vps", mixinStandardHelpOptions = true, description = "The operator's own map-servers.")
final class VpsCommand implements Runnable {
    /** What a VPS map-server is for. */
    enum VpsRole {
        CORE,
        RESERVE
    }

    private final Session session;

    VpsCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        list();
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "All of them.")
    void list() {
        session.list("vps", List.of("id", "host", "port", "role", "updatedAt"));
    }

    @Command(name = "put", mixinStandardHelpOptions = true, description = "Register one, or change it.")
    void put(
            @Parameters(paramLabel = "ID", description = "Its name.") String id,
            @Option(names = "--host", paramLabel = "HOST", required = true, description = "Name or address.")
                    String host,
            @Option(names = "--port", paramLabel = "PORT", required = true, description = "Its port.") int port,
            @Option(names = "--role", paramLabel = "ROLE", required = true, description = "${COMPLETION-CANDIDATES}.")
                    VpsRole role) {
        session.show(session.call(gateway ->
                gateway.put("vps/" + Gateway.encode(id), Map.of("host", host, "port", port, "role", role.name()))));
    }

    @Command(name = "delete", mixinStandardHelpOptions = true, description = "Forget one.")
    void delete(@Parameters(paramLabel = "ID", description = "Its name.") String id) {
        session.call(gateway -> {
            gateway.delete("vps/" + Gateway.encode(id));
            return true;
        });
        session.out().println("deleted " + Printable.of(id));
    }
}
