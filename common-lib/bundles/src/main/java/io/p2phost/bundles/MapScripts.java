package io.p2phost.bundles;

import java.util.List;

/** The script files that a map's own map-server loads, in the order in which it loads them. */
public record MapScripts(List<BundlePath> scripts) {
    public MapScripts {
        scripts = List.copyOf(scripts);
    }
}
