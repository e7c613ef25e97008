package io.p2phost.assignment.conf;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * rAthena's rules (map.cpp): one {@code key: value} a line, keys in any case, {@code //} starts a comment anywhere
 * outside quotes, {@code import:} is read in place, the last value of a key wins. Blocks and lists in braces are the
 * seeds' addition. What rAthena passes over in silence (a line without a colon or value) is a fault here.
 */
final class RathenaSyntax {
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_@#.-]{1,63}");
    private static final Pattern IMPORT = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
    private static final Pattern WORDS = Pattern.compile("[\\s,]+");

    private final ConfSource imports;
    private final ConfReader.Result result;
    private final Deque<String> importing = new ArrayDeque<>();

    RathenaSyntax(ConfSource imports, ConfReader.Result result) {
        this.imports = imports;
        this.result = result;
    }

    void read(String file, String text) {
        importing.push(file);
        new OneFile(file).read(ConfReader.lines(text));
        importing.pop();
    }

    private void importFile(String from, int line, String name) {
        if (!IMPORT.matcher(name).matches()) {
            result.fault(from, line, "import: " + name, "the name of a file in the same folder");
        } else if (importing.contains(name)) {
            result.fault(from, line, "import: " + name, "a file that does not import itself");
        } else if (importing.size() >= ConfReader.MAX_DEPTH) {
            result.fault(from, line, "import: " + name, "at most " + ConfReader.MAX_DEPTH + " files deep");
        } else {
            String text = imports.text(name);
            if (text == null) {
                result.fault(from, line, "import: " + name, "a file that exists");
            } else {
                read(name, text);
            }
        }
    }

    private record Block(String key, int line) {}

    private final class OneFile {
        private final String file;
        private final List<Block> blocks = new ArrayList<>();

        /** A key without a value, waiting for the brace that may stand on the next line. */
        private String pendingKey = "";

        private int pendingLine;
        private int line;

        OneFile(String file) {
            this.file = file;
        }

        void read(List<String> lines) {
            for (String raw : lines) {
                line++;
                if (raw.length() > ConfReader.MAX_LINE) {
                    fault("a line of " + raw.length() + " characters", "at most " + ConfReader.MAX_LINE);
                    continue;
                }
                int comment = ConfReader.indexOutsideQuotes(raw, "//", false);
                String text = (comment < 0 ? raw : raw.substring(0, comment)).strip();
                if (!text.isEmpty()) {
                    statement(text);
                }
            }
            pendingIsWithoutValue();
            for (Block block : blocks) {
                result.fault(file, block.line(), block.key() + ": {", "a closing } before the end of the file");
            }
        }

        private void statement(String text) {
            if (!pendingKey.isEmpty() && text.startsWith("{")) {
                int at = line;
                line = pendingLine;
                String key = pendingKey;
                pendingKey = "";
                open(key);
                line = at;
                String rest = text.substring(1).strip();
                if (!rest.isEmpty()) {
                    statement(rest);
                }
                return;
            }
            pendingIsWithoutValue();
            if (text.equals("}")) {
                close(text);
                return;
            }
            int colon = text.indexOf(':');
            if (colon < 0) {
                items(text);
            } else {
                setting(
                        text,
                        text.substring(0, colon).strip(),
                        text.substring(colon + 1).strip());
            }
        }

        private void setting(String text, String key, String value) {
            if (!KEY.matcher(key).matches()) {
                fault(text, "a key of letters, digits and _ @ # . - before the colon");
                if (value.equals("{")) {
                    open("?");
                }
                return;
            }
            String name = key.toLowerCase(Locale.ROOT);
            if (value.isEmpty()) {
                pendingKey = name;
                pendingLine = line;
            } else if (value.equals("{")) {
                open(name);
            } else if (value.startsWith("{")) {
                inlineList(text, name, value.substring(1).strip());
            } else if (value.endsWith("}") && !blocks.isEmpty()) {
                setting(text, key, value.substring(0, value.length() - 1).strip());
                pendingIsWithoutValue();
                close(text);
            } else if (name.equals("import")) {
                if (blocks.isEmpty()) {
                    importFile(file, line, result.unquoted(file, line, "import", value));
                } else {
                    fault(text, "import: outside any block");
                }
            } else {
                List<String> path = path();
                path.add(name);
                result.add(ConfEntry.Kind.SETTING, path, result.unquoted(file, line, key, value), file, line);
            }
        }

        private void inlineList(String text, String key, String rest) {
            if (rest.indexOf(':') >= 0) {
                fault(text, "one key: value a line inside a block");
                if (!rest.endsWith("}")) {
                    open(key);
                }
                return;
            }
            open(key);
            items(rest);
        }

        private void items(String text) {
            boolean closes = text.endsWith("}");
            String words = closes ? text.substring(0, text.length() - 1).strip() : text;
            if (words.indexOf('{') >= 0 || words.indexOf('}') >= 0) {
                fault(text, "key: { … }");
                return;
            }
            if (blocks.isEmpty() && !words.isEmpty()) {
                fault(text, "key: value");
            } else if (!words.isEmpty()) {
                for (String word : WORDS.split(words)) {
                    if (!word.isEmpty()) {
                        result.add(ConfEntry.Kind.ITEM, path(), word, file, line);
                    }
                }
            }
            if (closes) {
                close(text);
            }
        }

        private void open(String key) {
            if (blocks.size() >= ConfReader.MAX_DEPTH) {
                fault(key + ": {", "at most " + ConfReader.MAX_DEPTH + " blocks deep");
            }
            blocks.add(new Block(key, line));
            result.add(ConfEntry.Kind.BLOCK, path(), "", file, line);
        }

        private void close(String text) {
            if (blocks.isEmpty()) {
                fault(text, "a block opened with key: { before");
            } else {
                blocks.removeLast();
            }
        }

        private void pendingIsWithoutValue() {
            if (!pendingKey.isEmpty()) {
                result.fault(file, pendingLine, pendingKey + ":", "a value");
                pendingKey = "";
            }
        }

        private List<String> path() {
            List<String> path = new ArrayList<>();
            blocks.forEach(block -> path.add(block.key()));
            return path;
        }

        private void fault(String found, String expected) {
            result.fault(file, line, found, expected);
        }
    }
}
