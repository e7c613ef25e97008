package io.p2phost.dbproxy.mux;

import io.p2phost.contracts.MapName;
import io.p2phost.dbproxy.mux.Outside.Violation;
import io.p2phost.ro.inter.MapToChar;
import io.p2phost.ro.inter.SaveCharacter;
import io.p2phost.ro.inter.SaveVariables;
import io.p2phost.ro.inter.Variable;
import io.p2phost.ro.layout.CharStatus;
import io.p2phost.ro.layout.MapPoint;
import java.util.Optional;

/** Whether what a map-server saves of a character can be true at all. */
final class SaveRules {
    private final World world;
    private final Greeting greeting;

    /** What cannot be accepted, and what that says about the server. */
    record Fault(Violation.Kind kind, String what) {}

    SaveRules(World world, Greeting greeting) {
        this.world = world;
        this.greeting = greeting;
    }

    /** What is wrong with a character's record (2b01) against the last accepted one; empty when nothing is. */
    Optional<Fault> fault(MapServer server, PlayerSession session, SaveCharacter save) {
        Status after = new Status(save.status(world.settings.layout()));
        Status before = world.status(session.record);
        CharStatus character = after.character();
        if (character.charId() != session.character || character.accountId() != session.account) {
            return fault(Violation.Kind.FOREIGN_ID, "the record is another character's");
        }
        if (!after.hasCleanMaps()) {
            // Some such names come out of a database.
            return fault(
                    before.hasCleanMaps() ? Violation.Kind.MISSHAPEN : Violation.Kind.NOT_TAKEN,
                    "a map in the record is no map name");
        }
        if (!after.isSamePerson(before)) {
            return fault(Violation.Kind.NOT_TAKEN, "name, sex, slot or family changed");
        }
        for (CompanionKind kind : CompanionKind.values()) {
            int number = (int) character.get(kind.inRecord);
            boolean had = number == before.character().get(kind.inRecord);
            if (number != 0 && !had && !session.companions.has(kind, number)) {
                return fault(session.companions.suspicion(kind, number), kind.inRecord + " " + number + " is not his");
            }
        }
        // Until core has said which maps it has, any may be one of them.
        boolean isServed =
                world.isEligible(after.map()) || greeting.isCoreMap(after.map()) || !greeting.knowsCoreMaps();
        // A map that is eligible no longer is left by and by.
        if (!isServed && !after.map().equals(session.map)) {
            return fault(Violation.Kind.NOT_TAKEN, "he is saved on a map that nobody has: " + after.map());
        }
        return server.key() instanceof ServerKey.Cell cell ? onHost(before, after, cell.map()) : Optional.empty();
    }

    private Optional<Fault> onHost(Status before, Status after, MapName map) {
        if (!after.hasSameSavePoint(before)) {
            return fault(Violation.Kind.NOT_TAKEN, "save point changed");
        }
        if (!after.memosAreOf(before, map)) {
            return fault(Violation.Kind.FORBIDDEN, "a memo of another map");
        }
        SaveLimits.Gain limit = world.settings.limits().on(map);
        // Zeny passes between players, whom their server saves one by one.
        return gain(before.character(), after.character(), limit)
                .map(what -> new Fault(Violation.Kind.OVER_CEILING, what))
                .or(() -> zeny(before.character(), after.character(), limit)
                        .map(what -> new Fault(Violation.Kind.NOT_TAKEN, what)));
    }

    private static Optional<Fault> fault(Violation.Kind kind, String what) {
        return Optional.of(new Fault(kind, what));
    }

    private static Optional<String> gain(CharStatus before, CharStatus after, SaveLimits.Gain limit) {
        // A database takes them for huge ones.
        if (after.baseLevel() < 0
                || after.jobLevel() < 0
                || after.baseExp() < 0
                || after.jobExp() < 0
                || after.zeny() < 0) {
            return Optional.of("a negative level, experience or amount of zeny");
        }
        long baseLevels = (long) after.baseLevel() - before.baseLevel();
        long jobLevels = (long) after.jobLevel() - before.jobLevel();
        // Experience counts from zero again on each level.
        long baseExperience = after.baseExp() - (baseLevels > 0 ? 0 : before.baseExp());
        long jobExperience = after.jobExp() - (jobLevels > 0 ? 0 : before.jobExp());
        return above("base levels", baseLevels, limit.baseLevels())
                .or(() -> above("job levels", jobLevels, limit.jobLevels()))
                .or(() -> above("base experience", baseExperience, limit.baseExperience()))
                .or(() -> above("job experience", jobExperience, limit.jobExperience()));
    }

    private static Optional<String> zeny(CharStatus before, CharStatus after, SaveLimits.Gain limit) {
        return above("zeny", (long) after.zeny() - before.zeny(), limit.zeny());
    }

    private static Optional<String> above(String what, long gain, long most) {
        return gain > most
                ? Optional.of(what + " +" + gain + " in one save (expected: at most " + most + ")")
                : Optional.empty();
    }

    /** The first variable in a save that a host may not write; empty when there is none. */
    Optional<String> forbiddenVariable(SaveVariables save) {
        return save.variables().stream()
                .map(Variable::name)
                .filter(name -> !world.settings.limits().mayWrite(name))
                .findFirst();
    }

    /** What the server is not believed in, whatever the record says: what belongs to groups is known from the char-server. */
    void correct(MapServer server, PlayerSession session, SaveCharacter save) {
        CharStatus character = save.status(world.settings.layout());
        character.set("party_id", session.party).set("guild_id", session.guild);
        if (server.isOnHost()) {
            CharStatus before = world.status(session.record).character();
            character.set("clan_id", before.get("clan_id")).set("fame", before.get("fame"));
            MapPoint said = character.lastPoint();
            // Whoever has died is saved where he will rise, wherever that is.
            MapPoint stands = said.equals(character.savePoint()) ? said : standing(before.lastPoint(), said);
            if (!stands.equals(said)) {
                character.lastPoint(stands);
                world.violated(
                        server,
                        MapToChar.SAVE_CHARACTER,
                        session.account,
                        Violation.Kind.NOT_TAKEN,
                        "nobody can stand at " + said.x() + "," + said.y() + " on " + said.map());
            }
        }
    }

    /** Where he is, when he is said to be somewhere: on the same map he is believed to be where he last was instead. */
    private MapPoint standing(MapPoint before, MapPoint said) {
        boolean anywhere = said.x() == 0 && said.y() == 0;
        if (anywhere || world.settings.limits().cells().isWalkable(said.map(), said.x(), said.y())) {
            return said;
        }
        return before.map().equals(said.map()) ? before : new MapPoint(said.map(), 0, 0);
    }
}
