package io.p2phost.assignment.conf;

import org.jspecify.annotations.Nullable;

/** Where an {@code import:} finds the file it names. */
@FunctionalInterface
public interface ConfSource {
    /** Nothing can be imported. */
    ConfSource NONE = name -> null;

    /** The text of the file, or null when there is none of that name. */
    @Nullable
    String text(String name);
}
