package io.p2phost.relay.player;

import io.p2phost.ro.client.Say;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What a player says to the suite: it goes no further, and the relay answers. He gets one answer at a time. */
final class Asides {
    static final String BUSY = "Your last question is still being answered.";

    private final Commands commands;
    private final Loop loop;
    private final Supplier<Commands.Asker> asker;
    private final Consumer<String> line;
    private boolean asking;

    /**
     * Made once for each session.
     *
     * @param line shows him a line
     */
    Asides(Commands commands, Loop loop, Supplier<Commands.Asker> asker, Consumer<String> line) {
        this.commands = commands;
        this.loop = loop;
        this.asker = asker;
        this.line = line;
    }

    /** Whether he still waits for an answer. */
    boolean isAsking() {
        return asking;
    }

    /** Whether the line was for the suite. */
    boolean takes(Say said) {
        String words = said.words().strip();
        if (!words.regionMatches(true, 0, Commands.MARK, 0, Commands.MARK.length())) {
            return false;
        }
        if (asking) {
            line.accept(BUSY);
        } else {
            asking = true;
            commands.ask(loop, asker.get(), words, lines -> {
                asking = false;
                lines.forEach(line);
            });
        }
        return true;
    }
}
