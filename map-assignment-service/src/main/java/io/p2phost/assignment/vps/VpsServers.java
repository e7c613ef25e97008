package io.p2phost.assignment.vps;

import java.util.List;
import java.util.Optional;

/** The registered VPS map-servers. */
public interface VpsServers {
    /** All of them, by id. */
    List<Vps> all();

    Optional<Vps> find(String id);

    /** Stores it and gives its new version. */
    long save(Vps vps);

    /** Takes it out and gives its new version. Only for one that is registered. */
    long remove(Vps vps);
}
