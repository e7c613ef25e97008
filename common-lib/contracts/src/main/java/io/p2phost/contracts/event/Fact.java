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
    @JsonSubTypes.Type(value = Fact.Skill.class, name = "SKILL")
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
}
