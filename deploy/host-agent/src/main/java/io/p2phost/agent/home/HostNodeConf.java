package io.p2phost.agent.home;

import java.nio.file.Path;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;

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

    /** No limits of the player's own. */
    public static final HostNodeConf NONE = new HostNodeConf(
            OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty());

    /** Reads the file if there is one. All faults are reported at once, with their lines. */
    public static HostNodeConf read(Path file) {
        String text = ConfReader.text(file);
        return text == null ? NONE : parse(file.getFileName().toString(), text);
    }

    static HostNodeConf parse(String fileName, String text) {
        Reader reader = new Reader(new ConfReader(fileName));
        reader.readRoot(text);
        return new HostNodeConf(
                reader.maxMaps, reader.maxPlayers, reader.cpuLimit, reader.memoryLimit, reader.networkLimit);
    }

    private static final class Reader {
        private final ConfReader conf;
        private OptionalInt maxMaps = OptionalInt.empty();
        private OptionalInt maxPlayers = OptionalInt.empty();
        private OptionalInt cpuLimit = OptionalInt.empty();
        private OptionalInt memoryLimit = OptionalInt.empty();
        private OptionalInt networkLimit = OptionalInt.empty();

        Reader(ConfReader conf) {
            this.conf = conf;
        }

        void readRoot(String text) {
            for (NodeTuple section : conf.root(text)) {
                String name = ConfReader.key(section);
                switch (name) {
                    case "node", "resources" -> {
                        for (NodeTuple entry : conf.entries(name, section.getValueNode())) {
                            readEntry(name + "." + ConfReader.key(entry), entry.getValueNode());
                        }
                    }
                    default -> unknown(name, section.getKeyNode());
                }
            }
            conf.finish();
        }

        private void readEntry(String key, Node value) {
            switch (key) {
                case "node.max_maps" -> maxMaps = conf.number(key, value, 1, 64);
                case "node.max_players" -> maxPlayers = conf.number(key, value, 1, 10_000);
                // How often the seed's prototype meant to send state, in ms. The server sets our heartbeat's interval.
                case "node.update_interval" -> conf.number(key, value, 1, 60_000);
                case "resources.cpu_limit" -> cpuLimit = conf.number(key, value, 1, 100);
                case "resources.memory_limit" -> memoryLimit = conf.number(key, value, 1, 100);
                case "resources.network_limit" -> networkLimit = conf.number(key, value, 1, 100);
                default -> unknown(key, value);
            }
        }

        private void unknown(String key, Node node) {
            log.warn("{}: {}: unknown key, ignored", conf.where(node), key);
        }
    }
}
