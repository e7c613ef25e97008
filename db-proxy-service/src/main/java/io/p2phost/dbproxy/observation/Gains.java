package io.p2phost.dbproxy.observation;

import io.p2phost.contracts.event.Fact;
import io.p2phost.dbproxy.mux.Outside.SaveSeen;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the players of one cell gained by their saves since a moment. */
final class Gains {
    /** Players told apart; no more facts fit into an observation. */
    static final int MAX_PLAYERS = 500;

    final Instant from;
    private final Map<Integer, Gain> players = new LinkedHashMap<>();
    private final Map<Integer, Instant> savedBefore;

    Gains(Instant from) {
        this(from, Map.of());
    }

    private Gains(Instant from, Map<Integer, Instant> savedBefore) {
        this.from = from;
        this.savedBefore = savedBefore;
    }

    /** What comes after: it knows when each player was saved last, so that no time is lost between the two. */
    Gains next(Instant now) {
        Map<Integer, Instant> last = new HashMap<>();
        players.forEach((character, gain) -> last.put(character, gain.last));
        return new Gains(now, last);
    }

    boolean isEmpty() {
        return players.isEmpty();
    }

    /** False when no further player fits. */
    boolean add(SaveSeen seen, Instant now) {
        Gain gain = players.get(seen.character());
        if (gain == null) {
            if (players.size() >= MAX_PLAYERS) {
                return false;
            }
            gain = new Gain(savedBefore.getOrDefault(seen.character(), now));
            players.put(seen.character(), gain);
        }
        gain.add(seen, now);
        return true;
    }

    List<Fact> facts() {
        List<Fact> facts = new ArrayList<>();
        players.values().forEach(gain -> facts.add(gain.fact()));
        return facts;
    }

    /** One player's. */
    private static final class Gain {
        private final Instant since;
        private Instant last;
        private int baseLevels;
        private int jobLevels;
        private long baseExperience;
        private long jobExperience;
        private long zeny;

        Gain(Instant since) {
            this.since = since;
            this.last = since;
        }

        void add(SaveSeen seen, Instant now) {
            last = now;
            baseLevels += Math.max(0, seen.baseLevels());
            jobLevels += Math.max(0, seen.jobLevels());
            // On each level experience counts from zero again.
            baseExperience += seen.baseLevels() == 0 ? Math.max(0, seen.baseExperience()) : 0;
            jobExperience += seen.jobLevels() == 0 ? Math.max(0, seen.jobExperience()) : 0;
            zeny += seen.zeny();
        }

        Fact fact() {
            long seconds = Math.max(1, Duration.between(since, last).toSeconds());
            return new Fact.Save(baseLevels, jobLevels, baseExperience, jobExperience, zeny, seconds);
        }
    }
}
