package io.p2phost.assignment.conf;

/** The three ways of writing that the seeds' files use. */
public enum ConfSyntax {
    /** rAthena's {@code key: value}, {@code //}, {@code import:}, with nested {@code {}}. */
    RATHENA,
    /** Nested block mappings of plain values, {@code #} comments. */
    YAML,
    /** {@code [SECTION]} and {@code key=value}, {@code ;} comments. */
    INI
}
