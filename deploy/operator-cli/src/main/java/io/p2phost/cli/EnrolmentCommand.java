package io.p2phost.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code p2p-control enrolment}. */
@Command(name = "enrolment", mixinStandardHelpOptions = true, description = "Codes that let players' machines join.")
final class EnrolmentCommand {
    private final Session session;

    EnrolmentCommand(Session session) {
        this.session = session;
    }

    @Command(name = "create", mixinStandardHelpOptions = true, description = "Make a code, to be given to a player.")
    void create(
            @Option(names = "--account", paramLabel = "N", required = true, description = "The player's account id.")
                    long account,
            @Option(names = "--label", paramLabel = "TEXT", description = "What the machine is.") @Nullable
                    String label) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("accountId", account);
        if (label != null) {
            body.put("label", label);
        }
        session.show(session.call(gateway -> gateway.post("enrolments", body)));
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "All codes and whether they were used.")
    void list() {
        session.list("enrolments", List.of("enrolmentId", "accountId", "label", "createdAt", "expiresAt", "hostId"));
    }
}
