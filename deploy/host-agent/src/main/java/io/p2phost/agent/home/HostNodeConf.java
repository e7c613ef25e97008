package io.p2phost.agent.home;

import io.p2phost.agent.AgentFailure;
import io.p2phost.agent.ExitCode;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;

/**
 * The player's own limits ({@code host_node.conf}, YAML). They only ever make the host offer less than it could.
 *
 * @param maxMaps maps at a time ({@code node.max_maps}); empty leaves it to the operator's limit
 * @param maxPlayers players at a time over all maps ({@code node.max_players}); further streams are refused
 * @param cpuLimit percent of the whole machine above which no further map is taken ({@code resources.cpu_limit})
 * @param memoryLimit the same for memory ({@code resources.memory_limit})
 * @param networkLimit the same for the network ({@code resources.network_limit})
 */
public record HostNodeConf(
        OptionalInt maxMaps,
        OptionalInt maxPlayers,
        OptionalInt cpuLimit,
        OptionalInt memoryLimit,
        OptionalInt networkLimit) {
    private static final Logger log = LoggerFactory.getLogger(HostNodeConf.class);
    private static final int MAX_BYTES = 64 * 1024;

    /** No limits of the player's own. */
    public static final HostNodeConf NONE = new HostNodeConf(
            OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty());

    /** Reads the file if there is one. All faults are reported at once, with their lines. */
    public static HostNodeConf read(Path file) {
        if (!Files.exists(file)) {
            return NONE;
        }
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new AgentFailure(
                        ExitCode.HOME, file + ": " + Files.size(file) + " bytes (expected: <= " + MAX_BYTES + ")");
            }
            return parse(file.getFileName().toString(), Files.readString(file));
        } catch (IOException e) {
            throw new AgentFailure(ExitCode.HOME, file + ": cannot be read: " + e, e);
        }
    }

    static HostNodeConf parse(String fileName, String text) {
        Reader reader = new Reader(fileName);
        Node root;
        try {
            root = new Yaml(new SafeConstructor(new LoaderOptions())).compose(new StringReader(text));
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
            throw new AgentFailure(ExitCode.HOME, fileName + ":" + line + ": not YAML: " + e.getProblem(), e);
        } catch (YAMLException e) {
            throw new AgentFailure(ExitCode.HOME, fileName + ":1: not YAML: " + e.getMessage(), e);
        }
        if (root != null) {
            reader.readRoot(root);
        }
        if (!reader.faults.isEmpty()) {
            throw new AgentFailure(ExitCode.HOME, String.join(System.lineSeparator(), reader.faults));
        }
        return new HostNodeConf(
                reader.maxMaps, reader.maxPlayers, reader.cpuLimit, reader.memoryLimit, reader.networkLimit);
    }

    private static final class Reader {
        private final String fileName;
        private final List<String> faults = new ArrayList<>();
        private OptionalInt maxMaps = OptionalInt.empty();
        private OptionalInt maxPlayers = OptionalInt.empty();
        private OptionalInt cpuLimit = OptionalInt.empty();
        private OptionalInt memoryLimit = OptionalInt.empty();
        private OptionalInt networkLimit = OptionalInt.empty();

        Reader(String fileName) {
            this.fileName = fileName;
        }

        void readRoot(Node root) {
            for (NodeTuple section : entries("the file", root)) {
                String name = key(section);
                switch (name) {
                    case "node", "resources" -> {
                        for (NodeTuple entry : entries(name, section.getValueNode())) {
                            readEntry(name + "." + key(entry), entry.getValueNode());
                        }
                    }
                    default -> unknown(name, section.getKeyNode());
                }
            }
        }

        private void readEntry(String key, Node value) {
            switch (key) {
                case "node.max_maps" -> maxMaps = number(key, value, 1, 64);
                case "node.max_players" -> maxPlayers = number(key, value, 1, 10_000);
                // How often the seed's prototype meant to send state, in ms. The server sets our heartbeat's interval.
                case "node.update_interval" -> number(key, value, 1, 60_000);
                case "resources.cpu_limit" -> cpuLimit = number(key, value, 1, 100);
                case "resources.memory_limit" -> memoryLimit = number(key, value, 1, 100);
                case "resources.network_limit" -> networkLimit = number(key, value, 1, 100);
                default -> unknown(key, value);
            }
        }

        private void unknown(String key, Node node) {
            log.warn("{}: {}: unknown key, ignored", where(node), key);
        }

        private List<NodeTuple> entries(String name, Node node) {
            if (node instanceof MappingNode mapping) {
                return mapping.getValue();
            }
            faults.add(where(node) + ": " + name + ": (expected: key: value lines)");
            return List.of();
        }

        private static String key(NodeTuple tuple) {
            return tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
        }

        private OptionalInt number(String key, Node node, int min, int max) {
            @Nullable String text = node instanceof ScalarNode scalar ? scalar.getValue() : null;
            if (text != null && text.matches("[0-9]{1,9}")) {
                int value = Integer.parseInt(text);
                if (value >= min && value <= max) {
                    return OptionalInt.of(value);
                }
            }
            faults.add(where(node) + ": " + key + ": " + (text == null ? "…" : text)
                    + " (expected: a whole number from " + min + " to " + max + ")");
            return OptionalInt.empty();
        }

        private String where(Node node) {
            return fileName + ":" + (node.getStartMark().getLine() + 1);
        }
    }
}
