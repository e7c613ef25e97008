package io.p2phost.ro.client;

import io.p2phost.ro.PacketLengths;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads files of packet lengths, and says everything that is wrong with one at once. */
final class LengthFile {
    private static final int LARGEST_ID = 0xffff;

    private final String file;
    private final List<String> faults = new ArrayList<>();
    private final Map<Integer, Integer> lengths = new HashMap<>();
    private int line;

    private LengthFile(String file) {
        this.file = file;
    }

    /** Our own format: {@code lengths-20200401.txt} explains it. */
    static PacketLengths rows(String name, String file, String text) {
        return new LengthFile(file).read(name, text, LengthFile::row);
    }

    /** {@code recvpackets.txt}: id and length a line; what else is in the line is not read. */
    static PacketLengths pairs(String name, String file, String text) {
        return new LengthFile(file).read(name, text, LengthFile::pair);
    }

    private PacketLengths read(String name, String text, LineReader reader) {
        // Such files come from editors that put a byte order mark at the start.
        String[] lines = text.replace("\uFEFF", "").split("\r?\n", -1);
        for (line = 1; line <= lines.length; line++) {
            String content = lines[line - 1].replaceFirst("(#|//).*", "").trim();
            if (!content.isEmpty()) {
                reader.read(this, content.split("\\s+"));
            }
        }
        if (lengths.isEmpty() && faults.isEmpty()) {
            faults.add(file + ": no packet (expected: id and length, one packet a line)");
        }
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", faults));
        }
        return new PacketLengths(name, lengths);
    }

    private void row(String[] words) {
        int id = id(words[0], LARGEST_ID - words.length + 2);
        for (int i = 1; i < words.length && id >= 0; i++) {
            if (!words[i].equals("-")) {
                put(id + i - 1, words[i].equals("v") ? "-1" : words[i]);
            }
        }
    }

    private void pair(String[] words) {
        int id = id(words[0].replaceFirst("^0[xX]", ""), LARGEST_ID);
        if (words.length < 2) {
            fault(words[0], "id and length");
        } else if (id >= 0) {
            // Older files say 0 for a length that is in the packet.
            put(id, words[1].equals("0") ? "-1" : words[1]);
        }
    }

    private int id(String word, int most) {
        if (word.matches("[0-9a-fA-F]{1,4}")) {
            int id = Integer.parseInt(word, 16);
            if (id <= most) {
                return id;
            }
        }
        fault(word, "a packet id of 1 to 4 hex digits");
        return -1;
    }

    private void put(int id, String word) {
        int length = word.matches("-1|\\d{1,5}") ? Integer.parseInt(word) : 0;
        if (length != PacketLengths.VARIABLE && (length < 2 || length > Short.MAX_VALUE)) {
            fault(word, "a length from 2 to 32767, or -1");
            return;
        }
        Integer before = lengths.put(id, length);
        if (before != null && before != length) {
            fault(String.format("%04x %d", id, length), "one length a packet, it had " + before);
        }
    }

    private void fault(String text, String expected) {
        faults.add(file + ":" + line + ": " + text + " (expected: " + expected + ")");
    }

    @FunctionalInterface
    private interface LineReader {
        void read(LengthFile file, String[] words);
    }
}
