package io.p2phost.contracts;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * A map's fencing token: grows by one with every change of the map's owner, and every write carries it. Compare it
 * together with the owner, never alone.
 */
public record Epoch(@JsonValue long value) implements Comparable<Epoch> {
    /** No owner yet. */
    public static final Epoch NONE = new Epoch(0);

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public Epoch {
        if (value < 0) {
            throw new IllegalArgumentException("epoch: " + value + " (expected: >= 0)");
        }
    }

    public static Epoch of(long value) {
        return new Epoch(value);
    }

    public Epoch next() {
        return new Epoch(Math.addExact(value, 1));
    }

    public boolean isBefore(Epoch other) {
        return value < other.value;
    }

    @Override
    public int compareTo(Epoch other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
