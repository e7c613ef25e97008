package io.p2phost.ro.layout;

import io.p2phost.ro.Field;
import io.p2phost.ro.FieldType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads layout files and says everything that is wrong with one at once: a field that is needed and missing or of another
 * kind, outside its structure, over another, a structure inside itself.
 */
final class LayoutReader {
    private static final int SCHEMA = 1;

    /** The greatest structure that fits a packet. */
    private static final int LARGEST = 0xffff;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final String source;
    private final JsonNode structs;
    private final List<String> faults = new ArrayList<>();
    private final Map<String, StructLayout> done = new LinkedHashMap<>();
    private final Set<String> open = new LinkedHashSet<>();

    private LayoutReader(String source, JsonNode structs) {
        this.source = source;
        this.structs = structs;
    }

    static BuildLayout read(String source, String json) {
        JsonNode root;
        try {
            root = JSON.readTree(json);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(source + ": " + e.getOriginalMessage() + " (expected: JSON)", e);
        }
        LayoutReader reader = new LayoutReader(source, root.path("structs"));
        BuildLayout build = reader.build(root);
        if (!reader.faults.isEmpty()) {
            reader.faults.sort(null);
            throw new IllegalArgumentException(String.join("\n", reader.faults));
        }
        return build;
    }

    private BuildLayout build(JsonNode root) {
        if (root.path("schema").asInt(0) != SCHEMA) {
            fault("schema", root.path("schema"), "1");
        }
        for (String struct : structs.propertyNames()) {
            struct(struct);
        }
        Needed.check(done, (path, expected) -> faults.add(source + ": " + path + " (expected: " + expected + ")"));
        return new BuildLayout(
                word(root, "name"),
                number(root, "packetver", 0, 99_999_999),
                word(root, "mode"),
                word(root, "platform"),
                done);
    }

    /** Reads a structure once, those inside it first. */
    private StructLayout struct(String name) {
        StructLayout known = done.get(name);
        if (known != null) {
            return known;
        }
        JsonNode node = structs.path(name);
        StructLayout nothing = new StructLayout(name, 1, Map.of(), Map.of());
        if (!node.isObject() || !open.add(name)) {
            fault("structs." + name, node.isObject() ? "inside itself" : "missing", "a structure");
            return nothing;
        }
        int size = number(node, "size", 1, LARGEST, "structs." + name + ".size");
        Map<String, Field> fields = new HashMap<>();
        Map<String, StructArray> arrays = new HashMap<>();
        List<Span> spans = new ArrayList<>();
        for (String field : node.path("fields").propertyNames()) {
            JsonNode entry = node.path("fields").path(field);
            String path = "structs." + name + ".fields." + field;
            int offset = number(entry, "offset", 0, LARGEST, path + ".offset");
            if (entry.has("of")) {
                StructArray array = new StructArray(
                        field,
                        offset,
                        number(entry, "count", 1, LARGEST, path + ".count"),
                        struct(entry.path("of").asString("")));
                arrays.put(field, array);
                spans.add(new Span(path, offset, array.end()));
            } else {
                Field read = field(path, field, entry.path("type"), offset);
                fields.put(field, read);
                spans.add(new Span(path, offset, read.end()));
            }
        }
        place(spans, size);
        open.remove(name);
        StructLayout struct = new StructLayout(name, size, fields, arrays);
        done.put(name, struct);
        return struct;
    }

    private Field field(String path, String name, JsonNode type, int offset) {
        String word = type.asString("");
        try {
            if (!word.endsWith("*")) {
                return Field.of(name, word, offset);
            }
        } catch (IllegalArgumentException e) {
            // Reported below, with its path.
        }
        fault(path + ".type", type, "u8 u16 i16 u32 i32 i64 u16be ip32be mapname16 textN bytesN");
        return new Field(name, FieldType.BYTES, offset, 1);
    }

    private void place(Collection<Span> spans, int size) {
        List<Span> sorted = new ArrayList<>(spans);
        sorted.sort((a, b) -> Integer.compare(a.from, b.from));
        Span last = null;
        for (Span span : sorted) {
            if (span.to > size) {
                fault(span.path, span.from + ".." + span.to, "inside " + size + " bytes");
            }
            if (last != null && span.from < last.to) {
                fault(span.path, span.from + ".." + span.to, "behind " + last.path + ", which ends at " + last.to);
            }
            last = last == null || span.to > last.to ? span : last;
        }
    }

    private String word(JsonNode node, String name) {
        String word = node.path(name).asString("");
        if (word.isBlank() || word.length() > 100 || word.chars().anyMatch(Character::isISOControl)) {
            fault(name, node.path(name), "1 to 100 characters");
        }
        return word;
    }

    private int number(JsonNode node, String name, int least, int most) {
        return number(node, name, least, most, name);
    }

    private int number(JsonNode node, String name, int least, int most, String path) {
        JsonNode number = node.path(name);
        if (!number.isInt() || number.intValue() < least || number.intValue() > most) {
            fault(path, number, least + ".." + most);
            return least;
        }
        return number.intValue();
    }

    private void fault(String path, Object found, String expected) {
        String text = found instanceof JsonNode node && node.isMissingNode() ? "missing" : String.valueOf(found);
        faults.add(source + ": " + path + ": " + text + " (expected: " + expected + ")");
    }

    private record Span(String path, int from, int to) {}
}
