package io.p2phost.cli;

import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code p2p-control journal}; alone it lists. */
@Command(
        name = "journal",
        mixinStandardHelpOptions = true,
        description = "What was saved of players and is not known to be in the game's database.")
final class JournalCommand implements Runnable {
    private final Session session;

    JournalCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        list();
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "How much waits, and whose saves have waited longest.")
    void list() {
        JsonNode journal = session.call(gateway -> gateway.get("journal"));
        if (session.json() || !journal.path("characters").isArray()) {
            session.show(journal);
            return;
        }
        session.out()
                .println(journal.path("entries").asString("0") + " saves wait, "
                        + journal.path("bytes").asString("0") + " bytes, the oldest since "
                        + Printable.of(journal.path("oldest").asString("-")));
        if (journal.hasNonNull("notStoredSince")) {
            session.out()
                    .println("The char-server's database takes nothing since "
                            + Printable.of(journal.path("notStoredSince").asString("")));
        }
        if (journal.path("aside").asLong(0) > 0) {
            session.out()
                    .println(journal.path("aside").asString("0")
                            + " are set aside: overtaken, and never replayed (docs/runbook.md#savessetaside)");
        }
        Table.rows(
                session.out(),
                journal.path("characters"),
                List.of("characterId", "accountId", "entries", "bytes", "oldest"));
    }

    @Command(name = "show", mixinStandardHelpOptions = true, description = "One character's saves, the oldest first.")
    void show(@Parameters(paramLabel = "CHARACTER", description = "The character's number.") int character) {
        JsonNode journal = session.call(gateway -> gateway.get("journal/" + character));
        if (session.json() || !journal.path("entries").isArray()) {
            session.show(journal);
            return;
        }
        Table.rows(
                session.out(),
                journal.path("entries"),
                List.of(
                        "sequence",
                        "writtenAt",
                        "record/name",
                        "record/baseLevel",
                        "record/jobLevel",
                        "record/baseExp",
                        "record/zeny",
                        "record/map"));
    }

    @Command(
            name = "release",
            mixinStandardHelpOptions = true,
            description = "Look at once whether they are stored now. Audited.")
    void release(@Parameters(paramLabel = "CHARACTER", description = "The character's number.") int character) {
        session.show(session.call(gateway -> gateway.post("journal/" + character + ":release", Map.of())));
    }

    @Command(
            name = "discard",
            mixinStandardHelpOptions = true,
            description = "Give them up: the character goes on with what the game's database has. Audited.")
    void discard(
            @Parameters(paramLabel = "CHARACTER", description = "The character's number.") int character,
            @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "For the audit log.")
                    String reason,
            @Option(names = "--yes", description = "Do not ask.") boolean yes) {
        session.confirm("What waits of character " + character + " is lost for good.", yes);
        session.show(
                session.call(gateway -> gateway.post("journal/" + character + ":discard", Map.of("reason", reason))));
    }
}
