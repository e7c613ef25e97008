package io.p2phost.ro.sim;

import io.p2phost.ro.Packet;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

/**
 * Whispers: asked of every map-server, answered by the first that does not say "not here", or by the last. It counts
 * answers, not who gave them.
 */
final class Whispers {
    private static final Duration LIFE = Duration.ofSeconds(60);
    private static final int NOT_HERE = 1;

    private final SimDatabase database;
    private final InstantSource clock;
    private final ToIntFunction<Packet> toAllServers;
    private final Map<Integer, Pending> pending = new LinkedHashMap<>();
    private int lastId;

    private static final class Pending {
        private final String sender;
        private final Consumer<Packet> from;
        private final Instant at;
        private int awaited;

        Pending(String sender, Consumer<Packet> from, Instant at) {
            this.sender = sender;
            this.from = from;
            this.at = at;
        }
    }

    Whispers(SimDatabase database, InstantSource clock, ToIntFunction<Packet> toAllServers) {
        this.database = database;
        this.clock = clock;
        this.toAllServers = toAllServers;
    }

    void whisper(Packet packet, Consumer<Packet> from) {
        String sender = packet.text(8, Names.LENGTH);
        String target = packet.text(32, Names.LENGTH);
        if (database.named(target) == null || target.equals(sender)) {
            from.accept(InterPackets.whisperEnd(sender, NOT_HERE));
            return;
        }
        Instant now = clock.instant();
        pending.values().removeIf(whisper -> whisper.at.plus(LIFE).isBefore(now));
        Pending whisper = new Pending(sender, from, now);
        pending.put(++lastId, whisper);
        whisper.awaited = toAllServers.applyAsInt(InterPackets.whispered(lastId, packet));
    }

    void answer(int id, int flag) {
        Pending whisper = pending.get(id);
        if (whisper != null && (--whisper.awaited <= 0 || flag != NOT_HERE)) {
            whisper.from.accept(InterPackets.whisperEnd(whisper.sender, flag));
            pending.remove(id);
        }
    }
}
