package io.p2phost.relay.player;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Who answers what players ask the suite in the chat. */
public interface Commands {
    /** How the words begin that are for the suite, in upper or lower case. */
    String MARK = "@p2p";

    /** Answers in lines, on the loop, in a later turn and always; returns at once. */
    void ask(Loop loop, Asker asker, String words, Consumer<List<String>> answer);

    /**
     * Who asks.
     *
     * @param group of his account, as the char-server told it
     * @param at who serves him; null when nobody does
     */
    record Asker(int account, int group, @Nullable Destination at, Trips trips) {}

    /**
     * How his map-servers answered the client's questions for the time, on this connection.
     *
     * @param asked questions that were passed on
     * @param answered those that were answered
     * @param lastNanos the newest answer's time
     * @param worstNanos the slowest one's
     */
    record Trips(int asked, int answered, long lastNanos, long worstNanos) {}
}
