package io.p2phost.assignment.vps.jpa;

import io.p2phost.assignment.vps.Vps;
import io.p2phost.contracts.event.VpsStatusChanged.Role;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;

@Entity
@Table(name = "vps")
class VpsRow {
    @Id
    @Column(name = "vps_id")
    private String id = "";

    private String host = "";
    private int port;

    @Enumerated(EnumType.STRING)
    private Role role = Role.RESERVE;

    private boolean registered;

    @Version
    private long version;

    @Column(name = "updated_at")
    private Instant updatedAt = Instant.EPOCH;

    protected VpsRow() {}

    VpsRow(String id) {
        this.id = id;
    }

    void take(Vps vps, boolean isRegistered) {
        host = vps.host();
        port = vps.port();
        role = vps.role();
        registered = isRegistered;
        updatedAt = vps.updatedAt();
    }

    boolean registered() {
        return registered;
    }

    long version() {
        return version;
    }

    Vps toVps() {
        return new Vps(id, host, port, role, updatedAt);
    }
}
