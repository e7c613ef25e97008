package io.p2phost.cli;

import io.p2phost.contracts.Role;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code p2p-control api-key}. */
@Command(name = "api-key", mixinStandardHelpOptions = true, description = "Keys for people and programs.")
final class ApiKeyCommand {
    private final Session session;

    ApiKeyCommand(Session session) {
        this.session = session;
    }

    @Command(name = "create", mixinStandardHelpOptions = true, description = "Make a key; it is shown this once.")
    void create(
            @Option(names = "--role", paramLabel = "ROLE", required = true, description = "${COMPLETION-CANDIDATES}.")
                    Role role,
            @Option(names = "--label", paramLabel = "TEXT", required = true, description = "Whose it is.") String label,
            @Option(names = "--expires", paramLabel = "INSTANT", description = "Such as 2027-01-31T00:00:00Z.")
                    @Nullable
                    String expires) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("role", role);
        body.put("label", label);
        if (expires != null) {
            body.put("expiresAt", expires);
        }
        session.show(session.call(gateway -> gateway.post("api-keys", body)));
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "All keys, without their secret part.")
    void list() {
        session.list("api-keys", List.of("id", "label", "role", "createdAt", "expiresAt", "lastUsedAt", "revokedAt"));
    }

    @Command(name = "revoke", mixinStandardHelpOptions = true, description = "End a key; it bites within a minute.")
    void revoke(@Parameters(paramLabel = "ID", description = "The key's public id.") String id) {
        session.call(gateway -> {
            gateway.delete("api-keys/" + Gateway.encode(id));
            return true;
        });
        session.out().println("revoked " + Printable.of(id));
    }
}
