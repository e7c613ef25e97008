package io.p2phost.security.verdict;

import io.p2phost.contracts.Text;
import io.p2phost.contracts.event.Fact;
import io.p2phost.contracts.event.Observation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/** What an observation must look like before it is judged; anything else is refused and never stored. */
public final class ObservationRules {
    /** Facts of one observation; a vantage point that saw more sends more observations. */
    public static final int MAX_FACTS = 500;

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._:-]{1,64}");
    private static final Duration MAX_WINDOW = Duration.ofHours(1);
    private static final Duration MAX_AHEAD = Duration.ofMinutes(1);

    private ObservationRules() {}

    /**
     * Checks one observation.
     *
     * @throws IllegalArgumentException naming value and expectation
     */
    public static void check(Observation observation, Instant now) {
        require(observation.observationId(), "observationId");
        require(observation.source(), "source");
        require(observation.hostId(), "hostId");
        require(observation.map(), "map");
        require(observation.epoch(), "epoch");
        require(observation.from(), "from");
        require(observation.to(), "to");
        require(observation.facts(), "facts");
        if (!ID.matcher(observation.observationId()).matches()) {
            throw new IllegalArgumentException("observationId: " + Text.quote(observation.observationId())
                    + " (expected: 1 to 64 of letters, digits and . _ : -)");
        }
        if (!observation.source().equals("relay") && !observation.source().equals("db-proxy")) {
            throw new IllegalArgumentException(
                    "source: " + Text.quote(observation.source()) + " (expected: relay or db-proxy)");
        }
        window(observation.from(), observation.to(), now);
        List<Fact> facts = observation.facts();
        if (facts.size() > MAX_FACTS) {
            throw new IllegalArgumentException("facts: " + facts.size() + " (expected: at most " + MAX_FACTS + ")");
        }
        for (int i = 0; i < facts.size(); i++) {
            require(facts.get(i), "facts[" + i + "]");
            fact(facts.get(i), "facts[" + i + "].");
        }
    }

    private static void window(Instant from, Instant to, Instant now) {
        if (to.isBefore(from) || Duration.between(from, to).compareTo(MAX_WINDOW) > 0) {
            throw new IllegalArgumentException(
                    "to: " + to + " (expected: from " + from + " to " + MAX_WINDOW.toMinutes() + " minutes later)");
        }
        if (to.isAfter(now.plus(MAX_AHEAD))) {
            throw new IllegalArgumentException("to: " + to + " (expected: not after " + now + ")");
        }
    }

    private static void fact(Fact fact, String at) {
        switch (fact) {
            case Fact.Spawn f -> {
                atLeast(f.mobId(), 1, at + "mobId");
                atLeast(f.living(), 0, at + "living");
            }
            case Fact.Drop f -> {
                atLeast(f.mobId(), 1, at + "mobId");
                atLeast(f.itemId(), 1, at + "itemId");
                atLeast(f.count(), 0, at + "count");
                atLeast(f.kills(), 1, at + "kills");
            }
            case Fact.MonsterStats f -> {
                atLeast(f.mobId(), 1, at + "mobId");
                atLeast(Objects.requireNonNullElse(f.level(), 1), 0, at + "level");
                atLeast(Objects.requireNonNullElse(f.maxHp(), 1L), 0, at + "maxHp");
            }
            case Fact.Kill f -> {
                atLeast(f.mobId(), 1, at + "mobId");
                atLeast(f.baseExp(), 0, at + "baseExp");
                atLeast(f.jobExp(), 0, at + "jobExp");
            }
            case Fact.Skill f -> {
                atLeast(f.skillId(), 1, at + "skillId");
                atLeast(f.level(), 0, at + "level");
            }
            case Fact.Save f -> {
                atLeast(f.baseLevels(), 0, at + "baseLevels");
                atLeast(f.jobLevels(), 0, at + "jobLevels");
                atLeast(f.baseExperience(), 0, at + "baseExperience");
                atLeast(f.jobExperience(), 0, at + "jobExperience");
                atLeast(f.seconds(), 1, at + "seconds");
                atMost(f.seconds(), MAX_WINDOW.toSeconds(), at + "seconds");
            }
            case Fact.Protocol f -> {
                require(f.kind(), at + "kind");
                atLeast(f.packet(), 0, at + "packet");
                atMost(f.packet(), 0xffff, at + "packet");
                atLeast(f.count(), 1, at + "count");
            }
            case Fact.Evidence f -> evidence(f, at);
        }
    }

    private static void evidence(Fact.Evidence fact, String at) {
        switch (fact) {
            case Fact.Mobs f -> {
                atLeast(f.kind(), 0, at + "kind");
                atLeast(f.level(), 0, at + "level");
                atLeast(f.appeared(), 0, at + "appeared");
                atLeast(f.spawned(), 0, at + "spawned");
                atLeast(f.died(), 0, at + "died");
                atLeast(f.living(), 0, at + "living");
            }
            case Fact.Fallen f -> {
                atLeast(f.itemId(), 0, at + "itemId");
                atLeast(f.things(), 1, at + "things");
                atLeast(f.amount(), 0, at + "amount");
            }
            case Fact.Taken f -> {
                atLeast(f.itemId(), 0, at + "itemId");
                atLeast(f.times(), 1, at + "times");
                atLeast(f.amount(), 0, at + "amount");
            }
            case Fact.Gained f -> {
                atLeast(f.players(), 0, at + "players");
                atLeast(f.base(), 0, at + "base");
                atLeast(f.job(), 0, at + "job");
                atLeast(f.largestBase(), 0, at + "largestBase");
                atLeast(f.largestJob(), 0, at + "largestJob");
                atLeast(f.times(), 0, at + "times");
                atLeast(f.quests(), 0, at + "quests");
            }
            case Fact.Walked f -> {
                atLeast(f.players(), 0, at + "players");
                atLeast(f.walks(), 0, at + "walks");
                atLeast(f.cells(), 0, at + "cells");
                atLeast(f.corrected(), 0, at + "corrected");
            }
            case Fact.SkillAsked f -> {
                atLeast(f.skillId(), 0, at + "skillId");
                atLeast(f.highestLevel(), 0, at + "highestLevel");
                atLeast(f.times(), 1, at + "times");
            }
            case Fact.Blows f -> {
                atLeast(f.dealt(), 0, at + "dealt");
                atLeast(f.dealtDamage(), 0, at + "dealtDamage");
                atLeast(f.largestDealt(), 0, at + "largestDealt");
                atLeast(f.suffered(), 0, at + "suffered");
                atLeast(f.sufferedDamage(), 0, at + "sufferedDamage");
                atLeast(f.largestSuffered(), 0, at + "largestSuffered");
            }
            case Fact.Removed f -> {
                atLeast(f.picked(), 0, at + "picked");
                atLeast(f.gone(), 0, at + "gone");
            }
            case Fact.Vitals f -> {
                atLeast(f.heals(), 0, at + "heals");
                atLeast(f.healed(), 0, at + "healed");
                atLeast(f.largestHeal(), 0, at + "largestHeal");
                atLeast(f.highestHp(), 0, at + "highestHp");
                atLeast(f.highestSp(), 0, at + "highestSp");
            }
            case Fact.Answered f -> {
                atLeast(f.times(), 1, at + "times");
                atLeast(f.averageMillis(), 0, at + "averageMillis");
                atLeast(f.worstMillis(), 0, at + "worstMillis");
            }
        }
    }

    private static void atMost(long value, long most, String key) {
        if (value > most) {
            throw new IllegalArgumentException(key + ": " + value + " (expected: at most " + most + ")");
        }
    }

    private static void atLeast(long value, long least, String key) {
        if (value < least) {
            throw new IllegalArgumentException(key + ": " + value + " (expected: at least " + least + ")");
        }
    }

    // JSON can leave any of these out, whatever the record's types promise.
    private static void require(@org.jspecify.annotations.Nullable Object value, String key) {
        if (value == null) {
            throw new IllegalArgumentException(key + ": missing (expected: a value)");
        }
    }
}
