package io.p2phost.assignment.vps.jpa;

import io.p2phost.assignment.vps.Vps;
import io.p2phost.assignment.vps.VpsServers;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Repository;

@Repository
class JpaVpsServers implements VpsServers {
    private final VpsRows rows;

    JpaVpsServers(VpsRows rows) {
        this.rows = rows;
    }

    @Override
    public List<Vps> all() {
        return rows.findByRegisteredTrueOrderById().stream().map(VpsRow::toVps).toList();
    }

    @Override
    public Optional<Vps> find(String id) {
        return rows.findById(id).filter(VpsRow::registered).map(VpsRow::toVps);
    }

    @Override
    public long save(Vps vps) {
        return take(vps, true);
    }

    @Override
    public long remove(Vps vps) {
        return take(vps, false);
    }

    /** Two writers of one row: the slower one fails on the version and is told so. */
    private long take(Vps vps, boolean registered) {
        VpsRow row = rows.findById(vps.id()).orElseGet(() -> new VpsRow(vps.id()));
        row.take(vps, registered);
        // From 1: an event's version 0 means "nothing yet".
        return rows.saveAndFlush(row).version() + 1;
    }
}
