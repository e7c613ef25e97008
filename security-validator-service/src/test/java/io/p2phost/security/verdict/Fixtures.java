package io.p2phost.security.verdict;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.event.Fact;
import io.p2phost.contracts.event.Observation;
import io.p2phost.security.reference.Monster;
import io.p2phost.security.reference.Reference;
import io.p2phost.security.reference.Spawn;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** A small reference and observations to judge by it. */
final class Fixtures {
    static final MapName FIELD = new MapName("prt_fild08");
    static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    static final Reference REFERENCE = new Reference(
            "r1",
            Map.of(
                    1002, new Monster(1002, "PORING", 1, 50, 2, 1, false, Map.of(909, 1, 512, 2), Set.of()),
                    1007, new Monster(1007, "FABRE", 2, 63, 3, 2, false, Map.of(914, 1), Set.of("Not_There")),
                    1039, new Monster(1039, "BAPHOMET", 81, 668_000, 107_250, 37_895, true, Map.of(607, 1), Set.of())),
            Map.of(909, "Jellopy", 512, "Apple", 914, "Fluff", 607, "Yggdrasil_Berry"),
            Map.of(28, 10, 142, 1),
            Map.of(FIELD, Map.of(1002, new Spawn(80, Set.of()), 1007, new Spawn(5, Set.of(9)))));

    private Fixtures() {}

    static Observation observation(Fact... facts) {
        return new Observation(
                UUID.randomUUID().toString(),
                "relay",
                HostId.random(),
                FIELD,
                Epoch.of(1),
                NOON.minusSeconds(10),
                NOON,
                List.of(facts));
    }

    static Judgement judge(Fact... facts) {
        return new Judge(REFERENCE, Rates.STOCK, Ceilings.GENEROUS).judge(observation(facts));
    }
}
