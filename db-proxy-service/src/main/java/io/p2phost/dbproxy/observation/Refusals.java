package io.p2phost.dbproxy.observation;

import io.p2phost.contracts.event.Fact;
import io.p2phost.contracts.event.Fact.Protocol;
import io.p2phost.dbproxy.mux.Outside.Violation;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What one cell was refused since a moment. */
final class Refusals {
    /** Packets and kinds told apart; a map-server has about 130 packets. */
    static final int MAX_FACTS = 256;

    final Instant from;
    private final Map<Seen, Integer> counts = new LinkedHashMap<>();

    /** One packet, refused as one kind. */
    record Seen(int packet, Protocol.Kind kind) {
        static Seen of(Violation violation) {
            return new Seen(
                    violation.packet() & 0xffff,
                    Protocol.Kind.valueOf(violation.kind().name()));
        }
    }

    Refusals(Instant from) {
        this.from = from;
    }

    /** False when nothing new fits. */
    boolean add(Seen seen) {
        if (counts.size() >= MAX_FACTS && !counts.containsKey(seen)) {
            return false;
        }
        counts.merge(seen, 1, (before, one) -> before == Integer.MAX_VALUE ? before : before + one);
        return true;
    }

    List<Fact> facts() {
        return counts.entrySet().stream()
                .<Fact>map(entry ->
                        new Protocol(entry.getKey().packet(), entry.getKey().kind(), entry.getValue()))
                .toList();
    }
}
