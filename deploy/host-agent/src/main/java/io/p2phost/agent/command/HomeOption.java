package io.p2phost.agent.command;

import io.p2phost.agent.home.AgentHome;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The home folder, which every command needs. */
final class HomeOption {
    @Option(
            names = "--home",
            paramLabel = "DIR",
            description = "This host's folder (default: ${DEFAULT-VALUE}).",
            defaultValue = "${sys:user.home}/.p2p-host")
    private Path directory = Path.of(".");

    AgentHome home() {
        return new AgentHome(directory);
    }
}
