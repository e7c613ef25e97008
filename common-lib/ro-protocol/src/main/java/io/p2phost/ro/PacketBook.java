package io.p2phost.ro;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Packets of one direction as a file of ours describes them; {@code inter-packets.txt} explains the format. Every fault
 * is reported, each as {@code file:line: text (expected: …)}.
 */
public final class PacketBook {
    private static final Pattern LIST =
            Pattern.compile("([a-z][a-z0-9_]*)@(\\d+)(?:\\*(\\d+)\\[([^]]*)]|([*=])([a-z][a-z0-9_]*))");
    private static final Pattern FIELD = Pattern.compile("([a-z][a-z0-9_]*):([a-z0-9]+\\*?)@(\\d+)(\\??)");
    private static final Pattern HEAD = Pattern.compile("(\\S+) +([0-9a-f]{4}) +(var|\\d{1,5}) +([a-z][a-z0-9-]*)(.*)");

    private final String name;
    private final Map<Integer, PacketLayout> byId;

    private PacketBook(String name, Map<Integer, PacketLayout> byId) {
        this.name = name;
        this.byId = Collections.unmodifiableMap(byId);
    }

    /** The packets of one direction from a file beside {@code owner}. */
    public static PacketBook read(Class<?> owner, String file, String direction) {
        try (InputStream in = owner.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(file + ": missing beside " + owner.getName());
            }
            return parse(file, new String(in.readAllBytes(), StandardCharsets.UTF_8), direction);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The packets of one direction from a file's text.
     *
     * @throws IllegalArgumentException with every fault in the text, also in other directions' lines
     */
    public static PacketBook parse(String file, String text, String direction) {
        Parser parser = new Parser(file, direction);
        parser.lines(text);
        if (!parser.faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", parser.faults));
        }
        return new PacketBook(direction, parser.found);
    }

    /**
     * The packet of that id.
     *
     * @throws IllegalArgumentException when there is no such packet
     */
    public PacketLayout packet(int id) {
        PacketLayout layout = byId.get(id);
        if (layout == null) {
            throw new IllegalArgumentException(String.format("%s: packet %04x is unknown", name, id));
        }
        return layout;
    }

    /** The packet, or null when there is none of that id. */
    public @Nullable PacketLayout packetOrNull(int id) {
        return byId.get(id);
    }

    /** All of them, by ascending id. */
    public Collection<PacketLayout> packets() {
        return byId.values();
    }

    /** Their lengths, for a {@link PacketFramer}: a packet too short for its fields is not let through. */
    public PacketLengths lengths() {
        Map<Integer, Integer> lengths = new HashMap<>();
        Map<Integer, Integer> least = new HashMap<>();
        for (PacketLayout layout : byId.values()) {
            lengths.put(layout.id(), layout.length());
            least.put(layout.id(), layout.least());
        }
        return new PacketLengths(name, lengths, least);
    }

    @Override
    public String toString() {
        return name;
    }

    private static final class Parser {
        private final String file;
        private final String direction;
        private final Map<Integer, PacketLayout> found = new TreeMap<>();
        private final List<String> faults = new ArrayList<>();
        private int line;

        Parser(String file, String direction) {
            this.file = file;
            this.direction = direction;
        }

        void lines(String text) {
            String[] lines = text.split("\r?\n", -1);
            for (int i = 0; i < lines.length; i++) {
                String packet = lines[i];
                line = i + 1;
                if (packet.isBlank() || packet.startsWith("#")) {
                    continue;
                }
                StringBuilder whole = new StringBuilder(packet);
                while (i + 1 < lines.length && lines[i + 1].startsWith(" ")) {
                    whole.append(lines[++i]);
                }
                packet(whole.toString());
            }
        }

        private void packet(String text) {
            Matcher head = HEAD.matcher(text);
            if (!head.matches()) {
                fault(text, "direction id length name fields");
                return;
            }
            int id = Integer.parseInt(head.group(2), 16);
            int length = head.group(3).equals("var") ? PacketLengths.VARIABLE : Integer.parseInt(head.group(3));
            PacketLayout layout = layout(id, length, head.group(4), head.group(5));
            if (head.group(1).equals(direction) && found.put(id, layout) != null) {
                fault(head.group(2), "each id once");
            }
        }

        private PacketLayout layout(int id, int length, String name, String text) {
            boolean variable = length == PacketLengths.VARIABLE;
            int end = variable ? Packet.VARIABLE_HEADER : 2;
            int least = variable ? end : length;
            List<Field> fields = new ArrayList<>();
            Entries entries = null;
            String rest = text;
            Matcher list = LIST.matcher(text);
            if (list.find()) {
                entries = entries(list);
                rest = text.substring(0, list.start());
                if (!text.substring(list.end()).isBlank()) {
                    fault(text.substring(list.end()).trim(), "nothing behind a list");
                }
            }
            for (String word : rest.trim().split(" +")) {
                Field field = word.isEmpty() ? null : field(word, end);
                if (field == null) {
                    continue;
                }
                fields.add(field);
                end = field.size() == Field.TO_THE_END ? Integer.MAX_VALUE : field.end();
                if (variable && !word.endsWith("?")) {
                    least = field.end();
                }
                if (!variable && end > length) {
                    fault(word, "inside " + length + " bytes");
                }
            }
            if (entries != null) {
                if (!variable || (entries.offset() < end && !entries.single())) {
                    fault(entries.name(), "at the end of a packet of variable length");
                }
                // A packet that should end in one structure may come without it, as an answer that there is none.
                least = entries.single() ? least : entries.offset();
            }
            return new PacketLayout(id, length, least, name, fields, entries);
        }

        private @Nullable Entries entries(Matcher list) {
            List<Field> fields = new ArrayList<>();
            int end = 0;
            if (list.group(4) != null) {
                for (String word : list.group(4).trim().split(" +")) {
                    Field field = field(word, end);
                    if (field != null) {
                        fields.add(field);
                        end = field.end();
                    }
                }
            }
            String structure = list.group(6) == null ? "" : list.group(6);
            boolean single = "=".equals(list.group(5));
            int size = list.group(3) == null ? 0 : Integer.parseInt(list.group(3));
            try {
                return new Entries(list.group(1), Integer.parseInt(list.group(2)), size, structure, single, fields);
            } catch (IllegalArgumentException e) {
                fault(list.group(), String.valueOf(e.getMessage()));
                return null;
            }
        }

        /** Fields are written in the order they have, none over another. */
        private @Nullable Field field(String word, int from) {
            Matcher matcher = FIELD.matcher(word);
            if (!matcher.matches() || Integer.parseInt(matcher.group(3)) < from) {
                fault(word, "name:type@offset, from " + from);
                return null;
            }
            try {
                return Field.of(matcher.group(1), matcher.group(2), Integer.parseInt(matcher.group(3)));
            } catch (IllegalArgumentException e) {
                fault(word, String.valueOf(e.getMessage()));
                return null;
            }
        }

        private void fault(String text, String expected) {
            faults.add(file + ":" + line + ": " + text + " (expected: " + expected + ")");
        }
    }
}
