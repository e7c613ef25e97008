package io.p2phost.cli;

import io.p2phost.contracts.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import tools.jackson.databind.JsonNode;

/** What every command needs: the connection, the form of the output, and the outside world. */
final class Session {
    /** Forms of output. */
    enum Form {
        table,
        json
    }

    @Mixin
    private Connection connection = new Connection();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "table|json",
            scope = ScopeType.INHERIT,
            description = "Form of the answer (default: table).")
    private @Nullable Form form;

    private final World world;

    /** What a process gets from outside. */
    record World(Map<String, String> environment, PrintWriter out, Supplier<BufferedReader> in) {}

    Session(World world) {
        this.world = world;
    }

    PrintWriter out() {
        return world.out();
    }

    <T> T call(Function<Gateway, T> action) {
        try (Gateway gateway = connection.open(world.environment())) {
            return action.apply(gateway);
        }
    }

    /** Fetches a whole list and prints it. */
    void list(String path, List<String> columns) {
        List<JsonNode> items = call(gateway -> gateway.all(path));
        if (form == Form.json) {
            out().println(Json.mapper().valueToTree(items).toPrettyString());
        } else {
            Table.rows(out(), items, columns);
        }
    }

    /** Prints one answer. */
    void show(JsonNode answer) {
        if (form == Form.json) {
            out().println(answer.toPrettyString());
        } else {
            Table.fields(out(), answer);
        }
    }

    boolean json() {
        return form == Form.json;
    }

    /** Asks before something that is felt by players; without a terminal the answer is no. */
    void confirm(String consequence, boolean yes) {
        if (yes) {
            return;
        }
        out().println(consequence + " Type yes to go on:");
        try {
            String line = world.in().get().readLine();
            if (line != null && line.strip().equals("yes")) {
                return;
            }
        } catch (IOException e) {
            // Nobody to ask: the answer is no.
        }
        throw new CliFailure(CliFailure.USAGE, "not done (expected: yes, or the option --yes)");
    }
}
