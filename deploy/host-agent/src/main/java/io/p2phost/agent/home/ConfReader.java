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
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Reads a small YAML file that its owner writes by hand. All faults are gathered, each with its line, and thrown as one. */
public final class ConfReader {
    private static final int MAX_BYTES = 64 * 1024;

    private final String fileName;
    private final List<String> faults = new ArrayList<>();

    public ConfReader(String fileName) {
        this.fileName = fileName;
    }

    /** The file's text; null where there is no file. */
    public static @Nullable String text(Path file) {
        if (!Files.exists(file)) {
            return null;
        }
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new AgentFailure(
                        ExitCode.HOME, file + ": " + Files.size(file) + " bytes (expected: <= " + MAX_BYTES + ")");
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw new AgentFailure(ExitCode.HOME, file + ": cannot be read: " + e, e);
        }
    }

    /** The entries of the file's top; none in an empty file. */
    public List<NodeTuple> root(String text) {
        try {
            Node root = new Yaml(new SafeConstructor(new LoaderOptions())).compose(new StringReader(text));
            return root == null ? List.of() : entries("the file", root);
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
            throw new AgentFailure(ExitCode.HOME, fileName + ":" + line + ": not YAML: " + e.getProblem(), e);
        } catch (YAMLException e) {
            throw new AgentFailure(ExitCode.HOME, fileName + ":1: not YAML: " + e.getMessage(), e);
        }
    }

    public List<NodeTuple> entries(String name, Node node) {
        if (node instanceof MappingNode mapping) {
            return mapping.getValue();
        }
        faults.add(where(node) + ": " + name + ": (expected: key: value lines)");
        return List.of();
    }

    public static String key(NodeTuple tuple) {
        return tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
    }

    public OptionalInt number(String key, Node node, int min, int max) {
        String text = scalar(node);
        if (text != null && text.matches("[0-9]{1,9}")) {
            int value = Integer.parseInt(text);
            if (value >= min && value <= max) {
                return OptionalInt.of(value);
            }
        }
        fault(key, node, "a whole number from " + min + " to " + max);
        return OptionalInt.empty();
    }

    /** True or false; false too where it is neither, which is a fault. */
    public boolean flag(String key, Node node) {
        String text = scalar(node);
        if (!"true".equals(text) && !"false".equals(text)) {
            fault(key, node, "true or false");
        }
        return "true".equals(text);
    }

    /** One text or a list of them. */
    public List<Node> items(Node node) {
        return node instanceof SequenceNode sequence ? sequence.getValue() : List.of(node);
    }

    /** The node's text; null for a list or a mapping. */
    public static @Nullable String scalar(Node node) {
        return node instanceof ScalarNode scalar ? scalar.getValue() : null;
    }

    public void fault(String key, Node node, String expected) {
        String text = scalar(node);
        faults.add(where(node) + ": " + key + ": " + (text == null ? "…" : text) + " (expected: " + expected + ")");
    }

    public String where(Node node) {
        return fileName + ":" + (node.getStartMark().getLine() + 1);
    }

    /** Throws what was found wrong, if anything. */
    public void finish() {
        if (!faults.isEmpty()) {
            throw new AgentFailure(ExitCode.HOME, String.join(System.lineSeparator(), faults));
        }
    }
}
