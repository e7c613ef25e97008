package io.p2phost.dbproxy.mux;

import io.p2phost.ro.Packet;
import io.p2phost.ro.inter.MapToChar;
import io.p2phost.ro.inter.Whisper;
import io.p2phost.ro.inter.WhisperDelivery;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Words that throw a player out of a map-server. A stock one that has let him go already throws out whoever enters as him,
 * and tells nobody: his client would wait for good. A player's way to a map-server is not the way of these words, which may
 * stand behind megabytes that others load, so nobody is sent there before it has heard them. Behind each goes a whisper to
 * nobody, whose answer says that it has.
 */
final class Kicks {
    /** For the map-server to answer, be its line ever so slow. */
    static final Duration ANSWER = Duration.ofSeconds(30);

    /** A transfer's whispers count from 2^31. */
    private static final int OURS = 0xc000_0000;

    private final World world;
    private final Map<Integer, Unheard> unheard = new LinkedHashMap<>();
    private int questions;

    private record Unheard(MapServer server, int account, Instant since) {}

    Kicks(World world) {
        this.world = world;
    }

    /** Throws him out. */
    void send(MapServer server, int account, Packet word) {
        int question = ++questions | OURS;
        unheard.put(question, new Unheard(server, account, world.now()));
        server.send(word);
        server.send(WhisperDelivery.of(question, Whisper.of("", "", "")).packet());
    }

    /** Whether a word about him is still on its way to that server. */
    boolean areUnheard(ServerKey key, int account) {
        return unheard.values().stream()
                .anyMatch(each -> each.account == account && each.server.key().equals(key));
    }

    /** Whether the packet is an answer to one of these whispers. */
    boolean answered(MapServer server, Packet packet) {
        if (packet.id() != MapToChar.WHISPER_ANSWER) {
            return false;
        }
        int question = WhisperDelivery.answered(packet);
        unheard.computeIfPresent(question, (any, each) -> each.server.equals(server) ? null : each);
        return (question & OURS) == OURS;
    }

    /** Its connection ended, and what was on its way with it. */
    void closed(MapServer server) {
        unheard.values().removeIf(each -> each.server.equals(server));
    }

    void tick() {
        unheard.replaceAll((question, each) ->
                each.server.isFlowing() ? each : new Unheard(each.server, each.account, world.now()));
        Instant before = world.now().minus(ANSWER);
        List<MapServer> silent = unheard.values().stream()
                .filter(each -> !each.since.isAfter(before))
                .map(Unheard::server)
                .distinct()
                .toList();
        // The reserve, which is ours, is not listened to while the char-server takes nothing: that is not its fault.
        unheard.values().removeIf(each -> silent.contains(each.server));
        silent.stream()
                .filter(MapServer::isOnHost)
                .forEach(server -> server.close("does not say that it has thrown a player out"));
    }
}
