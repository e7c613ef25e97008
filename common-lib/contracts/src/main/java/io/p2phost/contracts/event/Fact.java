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
    @JsonSubTypes.Type(value = Fact.Protocol.class, name = "PROTOCOL")
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
}
