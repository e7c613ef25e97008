package io.p2phost.relay.tap;

import java.util.Arrays;

/** What one player's packets told, in the order in which they came; kept as plain numbers, since a busy map tells much. */
final class Sightings {
    static final int WIDTH = 4;

    // What a sighting is, and what its three numbers are.
    /** A monster is there: unit, kind, level. */
    static final int APPEARED = 1;
    /** A monster came into being: unit, kind, level. */
    static final int SPAWNED = 2;
    /** Something died: unit. */
    static final int DIED = 3;
    /** A thing fell to the floor: thing, item, amount. */
    static final int FELL = 4;
    /** The player got items: item, amount. */
    static final int TAKEN = 5;
    /** He gained base experience: low and high half. */
    static final int BASE_EXP = 6;
    /** He gained job experience: low and high half. */
    static final int JOB_EXP = 7;
    /** He gained experience by a quest. */
    static final int QUEST_EXP = 8;
    /** He walks: cells. */
    static final int WALKS = 9;
    /** He is put where the server has him. */
    static final int CORRECTED = 10;
    /** He asks for a skill: skill, level. */
    static final int ASKS_SKILL = 11;
    /** He hits: damage. */
    static final int DEALS = 12;
    /** He is hit: damage. */
    static final int SUFFERS = 13;
    /** The map-server answered a question for the time: microseconds. */
    static final int ANSWERED = 14;
    /** Somebody picked a thing up: thing. */
    static final int PICKED = 15;
    /** A thing left the floor, or his sight: thing. */
    static final int GONE = 16;
    /** He has more HP than before: how much more. */
    static final int HEALED = 17;
    /** He has, or could have, more HP than ever seen of him: HP. */
    static final int HAS_HP = 18;
    /** He has, or could have, more SP than ever seen of him: SP. */
    static final int HAS_SP = 19;

    private final Cell cell;
    private final int account;
    private final int[] numbers;
    private final int length;

    /**
     * Takes the numbers over.
     *
     * @param numbers four for each sighting: what it is, and three more
     * @param length of them that are used
     */
    Sightings(Cell cell, int account, int[] numbers, int length) {
        this.cell = cell;
        this.account = account;
        this.numbers = numbers;
        this.length = length;
    }

    Cell cell() {
        return cell;
    }

    int account() {
        return account;
    }

    int length() {
        return length;
    }

    int number(int index) {
        return numbers[index];
    }

    int count() {
        return length / WIDTH;
    }

    @Override
    public String toString() {
        return cell + " " + Arrays.toString(Arrays.copyOf(numbers, length));
    }
}
