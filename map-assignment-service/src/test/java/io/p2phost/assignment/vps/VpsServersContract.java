package io.p2phost.assignment.vps;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.contracts.event.VpsStatusChanged.Role;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What every store of VPS map-servers must do. */
public abstract class VpsServersContract {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    protected abstract VpsServers servers();

    @Test
    void savedServerIsFoundAndReplacedByItsId() {
        Vps first = new Vps("contract-a", "10.0.0.1", 5121, Role.CORE, NOW);
        long before = servers().save(first);
        assertThat(servers().find("contract-a")).contains(first);
        Vps moved = new Vps("contract-a", "10.0.0.2", 5122, Role.RESERVE, NOW);
        assertThat(servers().save(moved)).isGreaterThan(before);
        assertThat(servers().find("contract-a")).contains(moved);
        assertThat(servers().all())
                .filteredOn(vps -> vps.id().equals("contract-a"))
                .containsExactly(moved);
    }

    @Test
    void removedServerIsGoneAndItsVersionGoesOn() {
        Vps vps = new Vps("contract-b", "10.0.0.1", 5121, Role.CORE, NOW);
        long saved = servers().save(vps);
        long removed = servers().remove(vps);
        assertThat(removed).isGreaterThan(saved);
        assertThat(servers().find("contract-b")).isEmpty();
        assertThat(servers().all()).doesNotContain(vps);
        assertThat(servers().save(vps)).isGreaterThan(removed);
    }

    @Test
    void listIsInOrderOfIds() {
        servers().save(new Vps("contract-d", "h", 1, Role.CORE, NOW));
        servers().save(new Vps("contract-c", "h", 1, Role.CORE, NOW));
        assertThat(servers().all()).extracting(Vps::id).isSorted().contains("contract-c", "contract-d");
    }
}
