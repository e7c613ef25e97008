package io.p2phost.dbproxy.mux;

import io.p2phost.dbproxy.mux.Outside.Violation;
import io.p2phost.ro.Packet;
import io.p2phost.ro.inter.Broadcasts;
import io.p2phost.ro.inter.GroupMessage;
import io.p2phost.ro.inter.Whisper;
import io.p2phost.ro.inter.WhisperDelivery;
import io.p2phost.ro.inter.WhisperResult;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/**
 * Words between players. A char-server does not send chat back to the link it came from, which here is many map-servers;
 * and it asks each link whether a whisper's receiver is there, which here must be answered once.
 */
final class Chat {
    /** Whispers that wait for one host's map-server; more are for players who are not there. */
    static final int OF_A_HOST = 16;

    /** Of the reserve. */
    private static final int OF_THE_RESERVE = 1_024;

    private final World world;
    private final Upstream upstream;
    private final Map<Integer, Pending> whispers = new HashMap<>();

    private record Pending(ServerKey server, WhisperDelivery whisper, Instant since) {}

    Chat(World world, Upstream upstream) {
        this.world = world;
        this.upstream = upstream;
    }

    // ---- from a map-server ----

    /** A whisper (3001), if it is from a player of that server. */
    void whisper(MapServer server, Packet packet) {
        Optional<PlayerSession> sender = world.sessions.name(new Whisper(packet).sender());
        if (sender.filter(session -> session.isWrittenBy(server.key())).isEmpty()) {
            world.violated(
                    server, packet.id(), 0, Violation.Kind.NOT_ITS_PLAYER, "whisper from a player who is not there");
        } else {
            // Nobody is staff behind the multiplexer.
            upstream.send(new Whisper(packet).groupLevel(0).packet());
        }
    }

    /** A map-server's word on a whisper (3002). */
    void whisperAnswered(MapServer server, Packet packet) {
        int id = WhisperDelivery.answered(packet);
        Pending whisper = whispers.get(id);
        if (whisper != null && whisper.server.equals(server.key())) {
            whispers.remove(id);
            upstream.send(packet);
        }
    }

    /** Chat that goes upstream, and to the others behind the multiplexer that have a member. */
    void message(MapServer from, PlayerSession sender, GroupMessage line) {
        int group = line.groupId();
        ToIntFunction<PlayerSession> groupOf = switch (line.kind()) {
            case PARTY -> session -> session.party;
            case GUILD -> session -> session.guild;
            // Nobody's clan is known here; its chat is no secret.
            case CLAN -> session -> group;
        };
        if (groupOf.applyAsInt(sender) != group) {
            world.violated(
                    from,
                    line.packet().id(),
                    sender.account,
                    Violation.Kind.NOT_HIS_GROUP,
                    "chat of a group that he does not belong to");
            return;
        }
        Packet copy = line.delivery().packet();
        upstream.send(line.packet());
        toServersWith(session -> groupOf.applyAsInt(session) == group, server -> server != from, copy);
    }

    /** A public word of the reserve (3000, 3009), which the char-server tells everybody but us. */
    void announce(MapServer from, Packet packet) {
        Packet copy = Broadcasts.delivery(packet);
        upstream.send(packet);
        world.eachServer(server -> {
            if (server != from) {
                server.send(copy.copy());
            }
        });
    }

    // ---- from the char-server ----

    /** A whisper for somebody (3801): asked where he plays; nobody here means "not here" at once. */
    void whispered(WhisperDelivery whisper) {
        Optional<MapServer> server = world.sessions
                .name(whisper.target())
                .filter(session -> session.state == SessionState.PLAYING)
                .flatMap(world::serverOf);
        if (server.filter(this::hasRoom).isPresent()) {
            whispers.put(whisper.id(), new Pending(server.get().key(), whisper, world.now()));
            server.get().send(whisper.packet().copy());
        } else {
            notHere(whisper);
        }
    }

    private boolean hasRoom(MapServer server) {
        long waiting = whispers.values().stream()
                .filter(whisper -> whisper.server.equals(server.key()))
                .count();
        return waiting < (server.isOnHost() ? OF_A_HOST : OF_THE_RESERVE);
    }

    /** A whisper's end (3802): to its sender's server. */
    void whisperEnded(Packet packet) {
        world.sessions
                .name(new WhisperResult(packet).sender())
                .filter(session -> session.state == SessionState.PLAYING)
                .flatMap(world::serverOf)
                .ifPresent(server -> server.send(packet));
    }

    /** Every server that has a player of that kind. */
    void toServersWith(Predicate<PlayerSession> member, Packet packet) {
        toServersWith(member, server -> true, packet);
    }

    private void toServersWith(Predicate<PlayerSession> member, Predicate<MapServer> which, Packet packet) {
        world.sessions.all().stream()
                .filter(session -> session.state == SessionState.PLAYING && member.test(session))
                .flatMap(session -> world.serverOf(session).stream())
                .filter(which)
                .distinct()
                .toList()
                .forEach(server -> server.send(packet.copy()));
    }

    void tick() {
        Instant before = world.now().minus(world.settings.timing().whisper());
        whispers.entrySet().removeIf(whisper -> {
            boolean late = !whisper.getValue().since.isAfter(before);
            if (late) {
                notHere(whisper.getValue().whisper);
            }
            return late;
        });
    }

    private void notHere(WhisperDelivery whisper) {
        upstream.send(whisper.answer(WhisperDelivery.NOT_HERE));
    }

    /** Whispers under way end with the char-server that asked. */
    void upstreamLost() {
        whispers.clear();
    }
}
