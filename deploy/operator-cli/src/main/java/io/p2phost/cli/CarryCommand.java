package io.p2phost.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code p2p-control carry}: asks again every second until nobody is left, or nobody goes any more. */
@Command(
        name = "carry",
        mixinStandardHelpOptions = true,
        description =
                "Moves players from one relay to another, 50 a second: they are saved and connect again. Audited.")
final class CarryCommand implements Runnable {
    /** Players who are on their way when they are counted are not there any more by then. */
    private static final int MOST_IDLE = 5;

    private final Session session;

    @Parameters(index = "0", paramLabel = "FROM", description = "The relay that they are at.")
    private String from = "";

    @Parameters(index = "1", paramLabel = "TO", description = "The relay that they shall be at.")
    private String to = "";

    @Option(names = "--account", paramLabel = "NUMBER", description = "Only this player.")
    private int account;

    CarryCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        Map<String, Object> body = new LinkedHashMap<>(Map.of("from", from, "to", to, "accountId", account));
        int idle = 0;
        int all = 0;
        int left = 1;
        while (left > 0 && idle < MOST_IDLE) {
            JsonNode answer = session.call(gateway -> gateway.post("players:carry", body));
            int moved = answer.path("moved").asInt();
            left = answer.path("left").asInt();
            all += moved;
            idle = moved == 0 ? idle + 1 : 0;
            if (session.json()) {
                session.show(answer);
            } else {
                session.out().println(moved + " on their way, " + left + " left");
            }
            if (left > 0 && idle < MOST_IDLE && !pause()) {
                return;
            }
        }
        if (!session.json()) {
            session.out().println(all + " players moved" + (left == 0 ? "" : ", " + left + " stay"));
        }
    }

    private static boolean pause() {
        try {
            TimeUnit.SECONDS.sleep(1);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
