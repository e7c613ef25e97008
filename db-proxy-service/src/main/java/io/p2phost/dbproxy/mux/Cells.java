package io.p2phost.dbproxy.mux;

/** Which cells of a map somebody can stand on. Thread-safe. */
@FunctionalInterface
public interface Cells {
    /** Nobody knows, so that every cell passes. */
    Cells UNKNOWN = (map, x, y) -> true;

    boolean isWalkable(String map, int x, int y);
}
