package io.p2phost.standalone.console;

import io.p2phost.standalone.suite.PartState;
import io.p2phost.standalone.suite.PartStatus;
import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a person sees: on a terminal one table, drawn again several times a second while the suite starts; elsewhere, and
 * later, one line per change.
 */
public final class StartDisplay {
    private static final Duration FRAME = Duration.ofMillis(200);
    private static final int NAME_WIDTH = 20;

    private final PrintStream out;
    private final boolean terminal;
    private final InstantSource clock;
    private final Map<String, PartStatus> parts = new LinkedHashMap<>();
    private boolean table;
    private int drawnLines;

    public StartDisplay(PrintStream out, boolean terminal, InstantSource clock) {
        this.out = out;
        this.terminal = terminal;
        this.clock = clock;
    }

    /** Begins the table of a start. */
    public synchronized void begin(List<PartStatus> waiting) {
        waiting.forEach(part -> parts.put(part.name(), part));
        table = terminal;
        if (table) {
            Thread.ofPlatform().name("display").daemon().start(this::animate);
        }
    }

    public synchronized void changed(PartStatus part) {
        parts.put(part.name(), part);
        if (table) {
            draw();
        } else if (part.state() != PartState.STARTING && part.state() != PartState.STOPPING) {
            out.println(line(part));
            out.flush();
        }
    }

    /** Draws the table for the last time; from now on there are lines. */
    public synchronized void end() {
        if (table) {
            draw();
            table = false;
        }
    }

    private void animate() {
        while (true) {
            synchronized (this) {
                if (!table) {
                    return;
                }
                draw();
            }
            try {
                Thread.sleep(FRAME);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void draw() {
        StringBuilder text = new StringBuilder();
        if (drawnLines > 0) {
            text.append("\u001b[").append(drawnLines).append('A');
        }
        for (PartStatus part : parts.values()) {
            text.append("\u001b[2K")
                    .append(colour(part.state()))
                    .append(line(part))
                    .append("\u001b[0m\n");
        }
        drawnLines = parts.size();
        out.print(text);
        out.flush();
    }

    private String line(PartStatus part) {
        StringBuilder line = new StringBuilder("  ");
        line.append(part.name())
                .repeat(' ', Math.max(1, NAME_WIDTH - part.name().length()));
        line.append(String.format(Locale.ROOT, "%-11s", part.state().word()));
        if (part.state() == PartState.READY) {
            line.append(seconds(Duration.ofMillis(part.startMillis())));
        } else if (part.state() == PartState.STARTING) {
            line.append(seconds(Duration.between(part.since(), clock.instant())));
        }
        if (!part.detail().isEmpty()) {
            line.append("  ").append(part.detail());
        }
        return line.toString().stripTrailing();
    }

    private static String colour(PartState state) {
        return switch (state) {
            case WAITING, STOPPED -> "\u001b[2m";
            case STARTING, STOPPING -> "\u001b[33m";
            case READY -> "\u001b[32m";
            case RESTARTING, FAILED -> "\u001b[31m";
        };
    }

    static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%6.1f s", time.toMillis() / 1000.0);
    }
}
