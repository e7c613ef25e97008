package io.p2phost.assignment.conf;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The client's INI: {@code [SECTION]}, {@code key=value}, comments from {@code ;}, {@code #} or {@code //}. */
final class IniSyntax {
    private static final Pattern SECTION = Pattern.compile("\\[([A-Za-z0-9_]{1,63})]");
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_]{1,63}");

    private final String file;
    private final ConfReader.Result result;
    private List<String> section = List.of();

    IniSyntax(String file, ConfReader.Result result) {
        this.file = file;
        this.result = result;
    }

    void read(String text) {
        int line = 0;
        for (String raw : ConfReader.lines(text)) {
            line++;
            String shown = raw.strip();
            if (raw.length() > ConfReader.MAX_LINE) {
                result.fault(file, line, "a line of " + raw.length() + " characters", "at most " + ConfReader.MAX_LINE);
            } else if (!shown.isEmpty()
                    && !shown.startsWith(";")
                    && !shown.startsWith("#")
                    && !shown.startsWith("//")) {
                statement(shown, line);
            }
        }
    }

    private void statement(String text, int line) {
        if (text.startsWith("[")) {
            var matcher = SECTION.matcher(text);
            if (matcher.matches()) {
                section = List.of(matcher.group(1).toLowerCase(Locale.ROOT));
                result.add(ConfEntry.Kind.BLOCK, section, "", file, line);
            } else {
                result.fault(file, line, text, "[SECTION]");
            }
            return;
        }
        int equals = text.indexOf('=');
        String key = equals < 0 ? "" : text.substring(0, equals).strip();
        String value = equals < 0 ? "" : text.substring(equals + 1).strip();
        if (!KEY.matcher(key).matches() || value.isEmpty()) {
            result.fault(file, line, text, "key=value");
        } else if (section.isEmpty()) {
            result.fault(file, line, text, "a [SECTION] before the first key");
        } else {
            result.add(
                    ConfEntry.Kind.SETTING,
                    List.of(section.getFirst(), key.toLowerCase(Locale.ROOT)),
                    result.unquoted(file, line, key, value),
                    file,
                    line);
        }
    }
}
