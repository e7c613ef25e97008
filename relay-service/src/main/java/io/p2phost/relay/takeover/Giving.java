package io.p2phost.relay.takeover;

import io.p2phost.relay.front.Carried;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running process's side: it stops, tells what it has, and lets go of it once the new process has all of it. Until
 * then everything can still go on here; from then on nothing does. So no two processes ever write to one socket.
 */
public final class Giving {
    /** Players stand still for no longer than this if the new process says nothing; their hosts wait for three seconds. */
    static final Duration STILL = Duration.ofSeconds(2);

    private static final Logger log = LoggerFactory.getLogger(Giving.class);

    private final String relayId;
    private final Estate estate;
    private final Ownership ownership;

    /** How it ended. */
    public enum Outcome {
        /** Nothing was asked for that could be given, and nothing has changed. */
        REFUSED,
        /** The new process failed: everything goes on here. */
        KEPT,
        /** The new process has everything. */
        GIVEN,
        /** The new process died when it had everything: players are lost, doors are open again. */
        LOST
    }

    /**
     * What became of it.
     *
     * @param players who was handed over, or lost
     */
    public record Result(Outcome outcome, int players) {}

    public Giving(String relayId, Estate estate, Ownership ownership) {
        this.relayId = relayId;
        this.estate = estate;
        this.ownership = ownership;
    }

    /** Serves one process that asks. */
    public Result give(Line line) {
        try {
            String refusal = refusal(line.receive());
            if (refusal != null) {
                log.warn("another process asks to take over and gets nothing: {}", refusal);
                line.send(new Message.Refused(refusal));
                return new Result(Outcome.REFUSED, 0);
            }
        } catch (IOException e) {
            log.info("another process asked to take over and did not go on: {}", e.getMessage());
            return new Result(Outcome.REFUSED, 0);
        }
        int players;
        try {
            estate.silence();
            line.send(new Message.Welcome());
            Holdings holdings = estate.pause();
            line.within(STILL);
            players = holdings.players().size();
            send(line, holdings);
            if (!(line.receive() instanceof Message.Taken)) {
                throw new IOException("not taken");
            }
        } catch (IOException | RuntimeException e) {
            log.warn("another process did not take over, this one goes on: {}", e.toString());
            estate.goOn();
            return new Result(Outcome.KEPT, 0);
        }
        estate.leave();
        ownership.release();
        try {
            line.send(new Message.Go());
        } catch (IOException e) {
            if (ownership.take(STILL)) {
                log.error("the process that took over died with {} players, this one listens again", players);
                estate.goOn();
                return new Result(Outcome.LOST, players);
            }
            // It lives, and has seen by itself that everything is its own.
        }
        return new Result(Outcome.GIVEN, players);
    }

    private @Nullable String refusal(Message first) {
        if (!(first instanceof Message.Hello hello)) {
            return "hello expected";
        }
        if (hello.format() != Messages.FORMAT) {
            return "it speaks format " + hello.format() + " (expected: " + Messages.FORMAT + ")";
        }
        return hello.relayId().equals(relayId)
                ? null
                : "it is relay " + hello.relayId() + " (expected: " + relayId + ")";
    }

    private static void send(Line line, Holdings holdings) throws IOException {
        int messages = 0;
        for (int front : holdings.fronts()) {
            line.pass(front);
            line.send(new Message.Door(Message.Door.Kind.PLAYERS));
            messages++;
        }
        line.pass(holdings.tunnelDoor());
        line.send(new Message.Door(Message.Door.Kind.HOSTS));
        messages++;
        if (holdings.charDoor() != null) {
            line.pass(holdings.charDoor());
            line.send(new Message.Door(Message.Door.Kind.CHAR_CLIENTS));
            messages++;
        }
        for (var player : holdings.players()) {
            line.pass(player.socket().descriptor());
            if (player.way() instanceof Carried.Socket server) {
                line.pass(server.descriptor());
            }
            line.send(new Message.Player(player));
            messages++;
        }
        for (var tunnel : holdings.tunnels()) {
            line.send(new Message.Tunnel(tunnel));
            messages++;
        }
        line.send(new Message.End(messages));
    }
}
