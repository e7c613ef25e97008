package io.p2phost.registry.bundle;

import io.p2phost.bundles.BundleVersion;
import io.p2phost.bundles.Sha256;
import io.p2phost.contracts.MapName;
import java.util.Set;

/** What hosts can run: the maps of the released version. */
public record ReleasedMaps(BundleVersion version, Sha256 manifestSha256, Set<MapName> maps) {
    public ReleasedMaps {
        maps = Set.copyOf(maps);
    }
}
