package io.p2phost.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.demo.StandInMain.Stored;
import io.p2phost.ro.sim.Point;
import io.p2phost.ro.sim.SimWorld;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DemoWorldTest {
    private final DemoWorld world = DemoWorld.of("prontera", "prt_fild01,prt_fild02");

    @ParameterizedTest
    @CsvSource({
        "prontera, prt_fild01",
        "prt_fild01, prontera",
        "prt_fild01, prt_fild02",
        "prt_fild02, prt_fild01",
    })
    void portalLeadsToTheNeighbourAndNotOntoItsOwn(String from, String to) {
        SimWorld simulated = world.simulated();
        Point portal = world.portal(from, to);

        assertThat(simulated.map(from).portals())
                .filteredOn(each -> each.x() == portal.x() && each.y() == portal.y())
                .singleElement()
                .satisfies(each -> assertThat(each.to().map()).isEqualTo(to))
                .satisfies(each -> assertThat(DemoWorld.isNearPortal(each.to())).isFalse());
        assertThat(DemoWorld.isNearPortal(portal)).isTrue();
        assertThat(DemoWorld.isNearPortal(world.middle(from))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "2, 0, 1000, 1, true",
        "1, 9, 1000, 1, false",
        "2, 1, 999, 1, false",
        "2, 1, 1000, 0, false",
        "2, 1, 1000, 3, true"
    })
    void whoHasLessOfAnythingHasLostIt(int level, long experience, int zeny, int jellopies, boolean atLeast) {
        Stored before = new Stored(true, "prt_fild01", 2, 0, 1_000, Map.of(909, 1));
        Stored now = new Stored(true, "prt_fild01", level, experience, zeny, Map.of(909, jellopies, 1201, 1));
        assertThat(now.isAtLeast(before)).isEqualTo(atLeast);
    }

    @ParameterizedTest
    @CsvSource({"http://127.0.0.1:8080, 6121, 5123", "http://127.0.0.1:9080, 7121, 6123", "http://127.0.0.1, 6121, 5123"
    })
    void portsMoveWithTheGateways(URI gateway, int charServer, int vpsSide) {
        Site site = Site.of(gateway, "127.0.0.1");
        assertThat(site.charServer()).hasToString("127.0.0.1:" + charServer);
        assertThat(site.vpsSide()).hasToString("127.0.0.1:" + vpsSide);
    }

    @Test
    void hostNameIsLookedUp() {
        assertThat(Site.of(URI.create("http://localhost:8080"), "127.0.0.1").vpsSide())
                .hasToString("127.0.0.1:5123");
    }
}
