package io.p2phost.assignment.vps;

import io.p2phost.assignment.audit.AuditTrail;
import io.p2phost.contracts.event.VpsStatusChanged.Role;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.transaction.annotation.Transactional;

/** Registers VPS map-servers and says which of them serves what players do not host. */
public class VpsRegistry {
    private final VpsServers servers;
    private final VpsEvents events;
    private final AuditTrail audit;

    public VpsRegistry(VpsServers servers, VpsEvents events, AuditTrail audit) {
        this.servers = servers;
        this.events = events;
        this.audit = audit;
    }

    /** Registers it or changes its address or role. */
    @Transactional
    public void put(Vps vps, String actor) {
        Optional<Vps> before = servers.find(vps.id());
        if (before.isPresent()
                && before.get().address().equals(vps.address())
                && before.get().role() == vps.role()) {
            return;
        }
        events.changed(vps, true, servers.save(vps));
        audit.record(
                actor,
                "vps.put",
                "vps:" + vps.id(),
                "ok",
                Map.of("address", vps.address(), "role", vps.role().name()));
    }

    /** Takes it out; false when there is none of that id. */
    @Transactional
    public boolean remove(String id, String actor) {
        Optional<Vps> found = servers.find(id);
        found.ifPresent(vps -> {
            events.changed(vps, false, servers.remove(vps));
            audit.record(actor, "vps.delete", "vps:" + id, "ok", Map.of("address", vps.address()));
        });
        return found.isPresent();
    }

    public List<Vps> all() {
        return servers.all();
    }

    public Optional<Vps> find(String id) {
        return servers.find(id);
    }

    /** Who serves maps that players never host: a CORE. */
    public Optional<Vps> core() {
        return first(Role.CORE);
    }

    /** Who serves an eligible map while no host does: a RESERVE, else a CORE. */
    public Optional<Vps> reserve() {
        return first(Role.RESERVE).or(this::core);
    }

    private Optional<Vps> first(Role role) {
        return servers.all().stream().filter(vps -> vps.role() == role).findFirst();
    }
}
