package io.p2phost.relay.command;

import io.micrometer.core.instrument.MeterRegistry;
import io.p2phost.relay.player.Commands;
import io.p2phost.relay.player.Loop;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes players' questions, has them answered aside of the loops that move packets, and bounds how many there are. */
public final class CommandDesk implements Commands, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(CommandDesk.class);

    /** Questions at once, of all players. */
    static final int MOST_ASKED = 64;

    /** A longer line is cut: a chat window takes no more. */
    static final int LONGEST_LINE = 200;

    static final String TOO_MANY = "Too many ask at once. Please ask again in a moment.";
    static final String FAILED = "That is not known at the moment.";

    private final Answers answers;
    private final ExecutorService executor;
    private final MeterRegistry meters;
    private final Semaphore places = new Semaphore(MOST_ASKED);

    /** Answers on threads of that executor, which it owns. */
    public CommandDesk(Answers answers, ExecutorService executor, MeterRegistry meters) {
        this.answers = answers;
        this.executor = executor;
        this.meters = meters;
    }

    @Override
    public void ask(Loop loop, Asker asker, String words, Consumer<List<String>> answer) {
        Question question = Question.of(words);
        if (!places.tryAcquire()) {
            count("too_many");
            loop.execute(() -> answer.accept(List.of(TOO_MANY)));
            return;
        }
        try {
            executor.execute(() -> {
                try {
                    List<String> lines = lines(question, asker);
                    loop.execute(() -> answer.accept(lines));
                } finally {
                    places.release();
                }
            });
            count(question.name().toLowerCase(Locale.ROOT));
        } catch (RejectedExecutionException e) {
            // The relay stops.
            places.release();
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }

    private List<String> lines(Question question, Asker asker) {
        try {
            return answers.to(question, asker).stream().map(CommandDesk::fit).toList();
        } catch (RuntimeException e) {
            log.warn("{} was not answered", question, e);
            return List.of(FAILED);
        }
    }

    private void count(String command) {
        meters.counter("p2p_relay_commands_total", "command", command).increment();
    }

    /** What every client can show: ASCII, not too long. */
    private static String fit(String line) {
        String plain = line.replaceAll("[^\\x20-\\x7e]", "?");
        return plain.length() <= LONGEST_LINE ? plain : plain.substring(0, LONGEST_LINE - 3) + "...";
    }
}
