package io.p2phost.contracts.event;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;

/** One thing a trusted vantage point saw on a host's map. Ids are rAthena's. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "family")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Fact.Spawn.class, name = "SPAWN"),
    @JsonSubTypes.Type(value = Fact.Drop.class, name = "DROP"),
    @JsonSubTypes.Type(value = Fact.MonsterStats.class, name = "MONSTER_STATS"),
    @JsonSubTypes.Type(value = Fact.Kill.class, name = "KILL"),
    @JsonSubTypes.Type(value = Fact.Skill.class, name = "SKILL"),
    @JsonSubTypes.Type(value = Fact.Save.class, name = "SAVE"),
    @JsonSubTypes.Type(value = Fact.Protocol.class, name = "PROTOCOL"),
    @JsonSubTypes.Type(value = Fact.Mobs.class, name = "MOBS"),
    @JsonSubTypes.Type(value = Fact.Fallen.class, name = "FALLEN"),
    @JsonSubTypes.Type(value = Fact.Taken.class, name = "TAKEN"),
    @JsonSubTypes.Type(value = Fact.Gained.class, name = "GAINED"),
    @JsonSubTypes.Type(value = Fact.Walked.class, name = "WALKED"),
    @JsonSubTypes.Type(value = Fact.SkillAsked.class, name = "SKILL_ASKED"),
    @JsonSubTypes.Type(value = Fact.Blows.class, name = "BLOWS"),
    @JsonSubTypes.Type(value = Fact.Answered.class, name = "ANSWERED"),
    @JsonSubTypes.Type(value = Fact.Removed.class, name = "REMOVED"),
    @JsonSubTypes.Type(value = Fact.Vitals.class, name = "VITALS")
})
public sealed interface Fact {
    /** How many monsters of a kind lived on the map at once. */
    record Spawn(int mobId, int living) implements Fact {}

    /** An item that appeared when monsters of a kind died. */
    record Drop(int mobId, int itemId, int count, int kills) implements Fact {}

    /** A monster's figures as sent to a client; null where not seen. */
    record MonsterStats(
            int mobId, @Nullable Integer level, @Nullable Long maxHp) implements Fact {}

    /** Experience a player got for one kill. */
    record Kill(int mobId, long baseExp, long jobExp) implements Fact {}

    /** A skill a player used. */
    record Skill(int skillId, int level) implements Fact {}

    /**
     * What one player, who is not named, gained by the saves of him that were accepted.
     *
     * @param baseLevels gained; losses do not count
     * @param jobLevels gained; losses do not count
     * @param baseExperience gained in saves without a new level, since it counts from zero on each; losses do not count
     * @param jobExperience likewise
     * @param zeny what was added, less what was taken: players pass it to each other
     * @param seconds over which
     */
    record Save(int baseLevels, int jobLevels, long baseExperience, long jobExperience, long zeny, long seconds)
            implements Fact {}

    /** Packets of one id and kind that were refused on the host's char link. */
    record Protocol(int packet, Kind kind, int count) implements Fact {
        /** What a refusal says of the host. */
        public enum Kind {
            /** Nothing that runs on a host has a reason to send it. */
            FORBIDDEN,
            /** No map-server writes packets of that shape. */
            MISSHAPEN,
            /** It names ids that the host was never given for this player. */
            FOREIGN_ID,
            /** It claims more than is possible. */
            OVER_CEILING,
            /** For a player who is not there; a packet on its way while he moved on looks the same. */
            NOT_ITS_PLAYER,
            /** For a party or guild that is not the player's; one on its way while he left it looks the same. */
            NOT_HIS_GROUP,
            /** What only a player sets off, before or without his relay's word that he did. */
            UNASKED,
            /** Not taken from a host, though an honest one may send it. */
            NOT_TAKEN
        }
    }

    /**
     * What players' packets told, added up. An honest host's players see things that no exact rule allows for (what they
     * summon, what they drop themselves, what a sprite stands for), so by itself it neither convicts nor clears.
     */
    sealed interface Evidence extends Fact {}

    /**
     * Monsters of a kind; each counts once, however many see it.
     *
     * @param kind as it looks, which an operator can make differ from what it is
     * @param level of the last one
     * @param appeared came into sight
     * @param spawned came into being in sight
     * @param died of those seen before
     * @param living most that were known alive at once
     */
    record Mobs(int kind, int level, int appeared, int spawned, int died, int living) implements Evidence {}

    /** Things of an item that fell to the floor in sight, from monsters or players. */
    record Fallen(int itemId, int things, long amount) implements Evidence {}

    /** How often players got an item, and how much of it: from the floor, from each other, from anywhere. */
    record Taken(int itemId, int times, long amount) implements Evidence {}

    /**
     * Experience that players were told of, but for quests.
     *
     * @param players who told anything in the window
     * @param times of base experience
     * @param quests how often a quest gave any
     */
    record Gained(int players, long base, long job, long largestBase, long largestJob, int times, int quests)
            implements Evidence {}

    /**
     * Players' own steps.
     *
     * @param corrected how often one was put where the server had him
     */
    record Walked(int players, int walks, long cells, int corrected) implements Evidence {}

    /** What players' clients asked for; whether they got it is not said. */
    record SkillAsked(int skillId, int highestLevel, int times) implements Evidence {}

    /** Blows that players dealt and suffered, by hand or by skill. */
    record Blows(
            int dealt, long dealtDamage, long largestDealt, int suffered, long sufferedDamage, long largestSuffered)
            implements Evidence {}

    /**
     * Things that fell in sight and left the floor.
     *
     * @param picked by a player's hand
     * @param gone otherwise; whoever walks away from a thing is told the same
     */
    record Removed(int picked, int gone) implements Evidence {}

    /**
     * Players' own life.
     *
     * @param heals how often one had more HP than before
     * @param healed by how much in all
     * @param highestHp that any had or could have
     * @param highestSp likewise
     */
    record Vitals(int heals, long healed, long largestHeal, long highestHp, long highestSp) implements Evidence {}

    /** How fast the map-server answered clients' questions for the time, from the relay and back. */
    record Answered(int times, long averageMillis, long worstMillis) implements Evidence {}
}
