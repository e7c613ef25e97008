package io.p2phost.contracts;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;
import java.util.regex.Pattern;

/** Identity of an enrolled host: a lower-case UUID given by the registry, never chosen by the host. */
public record HostId(@JsonValue String value) implements Comparable<HostId> {
    private static final Pattern UUID_TEXT =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public HostId {
        if (!UUID_TEXT.matcher(value).matches()) {
            throw new IllegalArgumentException("hostId: " + Text.quote(value) + " (expected: a lower-case UUID)");
        }
    }

    public static HostId of(String value) {
        return new HostId(value);
    }

    public static HostId random() {
        return new HostId(UUID.randomUUID().toString());
    }

    @Override
    public int compareTo(HostId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
