package io.p2phost.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Answers as aligned text. Everything shown went through {@link Printable}. */
final class Table {
    private static final int WIDEST_CELL = 60;
    private static final String NOTHING = "-";

    private Table() {}

    /**
     * Prints one line per item.
     *
     * @param columns field names as in the JSON; {@code a/b} goes into objects
     */
    static void rows(PrintWriter out, Iterable<JsonNode> items, List<String> columns) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(columns.stream().map(Table::heading).toList());
        for (JsonNode item : items) {
            lines.add(columns.stream().map(column -> cell(field(item, column))).toList());
        }
        int[] widths = new int[columns.size()];
        for (List<String> line : lines) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        for (List<String> line : lines) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                text.append(line.get(i)).repeat(" ", widths[i] - line.get(i).length() + 2);
            }
            out.println(text.toString().stripTrailing());
        }
    }

    /** Prints an object as {@code name  value} lines, nested names joined by dots. */
    static void fields(PrintWriter out, JsonNode object) {
        List<Map.Entry<String, String>> lines = new ArrayList<>();
        flatten("", object, lines);
        int width =
                lines.stream().mapToInt(line -> line.getKey().length()).max().orElse(0);
        for (Map.Entry<String, String> line : lines) {
            out.println(line.getKey() + " ".repeat(width - line.getKey().length() + 2) + line.getValue());
        }
    }

    private static void flatten(String prefix, JsonNode node, List<Map.Entry<String, String>> lines) {
        if (node.isObject()) {
            node.properties()
                    .forEach(entry -> flatten(
                            prefix.isEmpty()
                                    ? Printable.of(entry.getKey())
                                    : prefix + "." + Printable.of(entry.getKey()),
                            entry.getValue(),
                            lines));
        } else if (node.isArray() && !node.isEmpty()) {
            for (int i = 0; i < node.size(); i++) {
                flatten(prefix + "[" + i + "]", node.get(i), lines);
            }
        } else {
            lines.add(Map.entry(prefix, scalar(node)));
        }
    }

    private static String heading(String column) {
        return column.substring(column.lastIndexOf('/') + 1);
    }

    private static JsonNode field(JsonNode item, String column) {
        JsonNode node = item;
        for (String part : column.split("/")) {
            node = node.path(part);
        }
        return node;
    }

    private static String cell(JsonNode node) {
        String text = scalar(node);
        return text.length() > WIDEST_CELL ? text.substring(0, WIDEST_CELL - 1) + "…" : text;
    }

    private static String scalar(JsonNode node) {
        if (node.isMissingNode() || node.isNull() || (node.isContainer() && node.isEmpty())) {
            return NOTHING;
        }
        String text = Printable.of(node.isString() ? node.stringValue() : node.toString());
        return text.isEmpty() ? NOTHING : text;
    }
}
