package io.p2phost.cli.bundle;

import java.util.List;
import java.util.SortedSet;

/**
 * What was found for a map.
 *
 * @param spawns lines that let monsters appear
 * @param scripts the files that its map-server needs, in the order in which it loads them
 */
public record MapResult(
        String map, int npcs, int spawns, int warps, List<String> scripts, SortedSet<Finding> findings) {}
