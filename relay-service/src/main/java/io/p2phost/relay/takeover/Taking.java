package io.p2phost.relay.takeover;

import io.p2phost.links.tunnel.TunnelImage;
import io.p2phost.relay.front.Carried;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The new process's side: it collects everything, says so, and begins when the running one has let go, or has died. If
 * anything fails before, what it got is closed here, which nobody notices.
 */
public final class Taking {
    /** A process that has died is gone from the system in less than this. */
    private static final Duration GONE = Duration.ofSeconds(1);

    private static final Logger log = LoggerFactory.getLogger(Taking.class);

    private final String relayId;
    private final Ownership ownership;

    public Taking(String relayId, Ownership ownership) {
        this.relayId = relayId;
        this.ownership = ownership;
    }

    /** The running process gives nothing, and says why. */
    public static final class RefusedException extends IOException {
        RefusedException(String why) {
            super(why);
        }
    }

    /** Asks for everything, and has it when this returns. */
    public Holdings take(Line line) throws IOException {
        line.send(new Message.Hello(Messages.FORMAT, relayId));
        Message answer = line.receive();
        if (answer instanceof Message.Refused refused) {
            throw new RefusedException(refused.why());
        }
        if (!(answer instanceof Message.Welcome)) {
            throw unexpected(answer);
        }
        List<Integer> descriptors = new ArrayList<>();
        boolean whole = false;
        try {
            Holdings holdings = collect(line, descriptors);
            line.send(new Message.Taken());
            awaitGo(line);
            whole = true;
            return holdings;
        } finally {
            if (!whole) {
                line.discard(descriptors);
            }
        }
    }

    private void awaitGo(Line line) throws IOException {
        try {
            Message last = line.receive();
            if (!(last instanceof Message.Go)) {
                throw unexpected(last);
            }
        } catch (IOException e) {
            if (!ownership.take(GONE)) {
                throw e;
            }
            log.warn("the process that handed over died before it said so: everything is here");
            return;
        }
        if (!ownership.take(GONE)) {
            throw new IOException("the running process says that it has let go, and has not");
        }
    }

    private static IOException unexpected(Message message) {
        return new IOException("the running process says " + message.getClass().getSimpleName() + " out of turn");
    }

    private static Holdings collect(Line line, List<Integer> descriptors) throws IOException {
        List<Integer> fronts = new ArrayList<>();
        int tunnelDoor = -1;
        @Nullable Integer charDoor = null;
        List<Carried> players = new ArrayList<>();
        List<TunnelImage> tunnels = new ArrayList<>();
        for (int messages = 0; ; messages++) {
            switch (line.receive()) {
                case Message.Door door -> {
                    int descriptor = next(line, descriptors);
                    switch (door.kind()) {
                        case PLAYERS -> fronts.add(descriptor);
                        case HOSTS -> tunnelDoor = descriptor;
                        case CHAR_CLIENTS -> charDoor = descriptor;
                    }
                }
                case Message.Player player -> players.add(withDescriptors(player.carried(), line, descriptors));
                case Message.Tunnel tunnel -> tunnels.add(tunnel.image());
                case Message.End end -> {
                    if (end.messages() != messages || fronts.isEmpty() || tunnelDoor < 0) {
                        throw new IOException("messages: " + messages + " (expected: " + end.messages()
                                + ", a front and a tunnel door among them)");
                    }
                    return new Holdings(fronts, tunnelDoor, charDoor, players, tunnels);
                }
                case Message other -> throw unexpected(other);
            }
        }
    }

    private static int next(Line line, List<Integer> descriptors) throws IOException {
        int descriptor = line.passed();
        descriptors.add(descriptor);
        return descriptor;
    }

    private static Carried withDescriptors(Carried carried, Line line, List<Integer> descriptors) throws IOException {
        Carried.Socket own = at(next(line, descriptors), carried.socket());
        Carried.@Nullable Way way =
                carried.way() instanceof Carried.Socket server ? at(next(line, descriptors), server) : carried.way();
        return new Carried(carried.image(), own, way, carried.code());
    }

    private static Carried.Socket at(int descriptor, Carried.Socket socket) {
        return new Carried.Socket(descriptor, socket.unread(), socket.unsent());
    }
}
