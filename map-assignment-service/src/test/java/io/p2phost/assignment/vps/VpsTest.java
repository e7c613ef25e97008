package io.p2phost.assignment.vps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.p2phost.contracts.Owner;
import io.p2phost.contracts.event.VpsStatusChanged.Role;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VpsTest {
    private final List<String> told = new ArrayList<>();
    private final VpsRegistry registry = new VpsRegistry(
            new InMemoryVpsServers(),
            (vps, registered, version) -> told.add(vps.id() + " " + registered + " " + version),
            (actor, action, subject, outcome, detail) -> told.add(actor + " " + action + " " + subject));

    @ParameterizedTest
    @CsvSource({
        "'', h, 1, id",
        "UPPER, h, 1, id",
        "a/b, h, 1, id",
        "a, '', 1, host",
        "a, 'h:5121', 1, host",
        "a, 'two words', 1, host",
        "a, -h, 1, host",
        "a, h, 0, port",
        "a, h, 65536, port"
    })
    void badValuesAreNamedWithWhatIsExpected(String id, String host, int port, String what) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> vps(id, host, port, Role.CORE))
                .withMessageStartingWith(what + ": ")
                .withMessageContaining("(expected: ");
    }

    @Test
    void changesAreToldAndAuditedAndRepeatsAreNot() {
        registry.put(vps("a", "h", 1, Role.CORE), "key:x");
        registry.put(vps("a", "h", 1, Role.CORE), "key:x");
        registry.put(vps("a", "h", 2, Role.CORE), "key:x");
        assertThat(registry.remove("a", "key:x")).isTrue();
        assertThat(registry.remove("a", "key:x")).isFalse();
        assertThat(told)
                .containsExactly(
                        "a true 1",
                        "key:x vps.put vps:a",
                        "a true 2",
                        "key:x vps.put vps:a",
                        "a false 3",
                        "key:x vps.delete vps:a");
    }

    @Test
    void reserveServesEligibleMapsAndCoreStandsIn() {
        assertThat(registry.core()).isEmpty();
        assertThat(registry.reserve()).isEmpty();
        registry.put(vps("core", "h", 1, Role.CORE), "key:x");
        assertThat(registry.reserve().orElseThrow().id()).isEqualTo("core");
        registry.put(vps("reserve", "h", 2, Role.RESERVE), "key:x");
        assertThat(registry.reserve().orElseThrow().asOwner()).isEqualTo(Owner.vps("reserve", "h:2"));
        registry.remove("core", "key:x");
        assertThat(registry.core())
                .as("a reserve does not load what is never hosted")
                .isEmpty();
    }

    private static Vps vps(String id, String host, int port, Role role) {
        return new Vps(id, host, port, role, Instant.EPOCH);
    }
}
