package io.p2phost.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code p2p-control config}; alone it lists. */
@Command(name = "config", mixinStandardHelpOptions = true, description = "The configuration files in effect.")
final class ConfigCommand implements Runnable {
    private final Session session;

    ConfigCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        list();
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Every setting, its value and its source.")
    void list() {
        JsonNode answer = session.call(gateway -> gateway.get("config"));
        JsonNode settings = answer.path("settings");
        if (session.json() || !settings.isArray()) {
            session.show(answer);
        } else {
            Table.rows(session.out(), settings, List.of("name", "value", "unit", "source"));
        }
    }

    @Command(name = "get", mixinStandardHelpOptions = true, description = "One file's text.")
    void get(@Parameters(paramLabel = "FILE", description = "Such as p2p_map_config.conf.") String file) {
        String text = session.call(gateway -> gateway.getText("config/" + Gateway.encode(file)));
        session.out().print(text);
        session.out().flush();
    }

    @Command(name = "put", mixinStandardHelpOptions = true, description = "Replace a file; checked as a whole first.")
    void put(
            @Parameters(index = "0", paramLabel = "FILE", description = "Such as p2p_map_config.conf.") String file,
            @Parameters(index = "1", paramLabel = "PATH", description = "The new text.") Path path) {
        String text;
        try {
            text = Files.readString(path);
        } catch (CharacterCodingException e) {
            throw new CliFailure(CliFailure.USAGE, path + ": not UTF-8 (expected: a text file)", e);
        } catch (IOException e) {
            throw new CliFailure(CliFailure.USAGE, path + ": cannot be read", e);
        }
        session.show(session.call(gateway -> gateway.putText("config/" + Gateway.encode(file), text)));
    }
}
