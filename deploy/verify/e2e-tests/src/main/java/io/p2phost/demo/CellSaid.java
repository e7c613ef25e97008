package io.p2phost.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an agent's map-server of {@link StandInBundle} has said since its last start. */
record CellSaid(List<String> lines) {
    private static final Pattern START = Pattern.compile("\\[Status]: Simulated map-server, process (\\d+)\\.");
    private static final Pattern PLAYER = Pattern.compile("\\[Info]: '(.*)' logged (in|off)\\.");

    CellSaid {
        lines = List.copyOf(lines);
    }

    static CellSaid of(Path home, String map) throws IOException {
        Path log = home.resolve("cells").resolve(map).resolve("log/cell.log");
        if (!Files.exists(log)) {
            return new CellSaid(List.of());
        }
        List<String> all = Files.readAllLines(log, StandardCharsets.UTF_8);
        int start = all.size();
        while (start > 0 && !START.matcher(all.get(start - 1)).matches()) {
            start--;
        }
        return new CellSaid(all.subList(Math.max(start - 1, 0), all.size()));
    }

    /** Its process, as it knows it. */
    OptionalLong process() {
        Matcher start = lines.isEmpty() ? null : START.matcher(lines.getFirst());
        return start != null && start.matches()
                ? OptionalLong.of(Long.parseLong(start.group(1)))
                : OptionalLong.empty();
    }

    boolean plays(String player) {
        Set<String> here = new HashSet<>();
        for (String line : lines) {
            Matcher said = PLAYER.matcher(line);
            if (said.matches() && said.group(2).equals("in")) {
                here.add(said.group(1));
            } else if (said.matches()) {
                here.remove(said.group(1));
            }
        }
        return here.contains(player);
    }
}
