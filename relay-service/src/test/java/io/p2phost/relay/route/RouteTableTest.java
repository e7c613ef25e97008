package io.p2phost.relay.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RouteTableTest {
    private static final MapName MAP = new MapName("prt_fild08");
    private static final Owner RESERVE = Owner.vps("reserve", "127.0.0.1:5131");

    private final List<Route> changes = new ArrayList<>();
    private final RouteTable table = new RouteTable();

    @BeforeEach
    void listen() {
        table.listen((before, now) -> changes.add(now));
    }

    @Test
    void higherEpochReplacesAndIsTold() {
        Route first = new Route(MAP, Epoch.of(1), RESERVE);
        Route second = new Route(MAP, Epoch.of(2), Owner.host(HostId.random()));
        assertThat(table.offer(first)).isEmpty();
        assertThat(table.offer(second)).isEmpty();
        assertThat(table.find(MAP)).contains(second);
        assertThat(changes).containsExactly(first, second);
    }

    @Test
    void lowerEpochAndSecondOwnerOfOneEpochAreRefused() {
        Route current = new Route(MAP, Epoch.of(5), RESERVE);
        table.offer(current);
        assertThat(table.offer(new Route(MAP, Epoch.of(4), RESERVE))).contains(current);
        assertThat(table.offer(new Route(MAP, Epoch.of(5), Owner.host(HostId.random()))))
                .contains(current);
        assertThat(table.offer(new Route(MAP, Epoch.of(5), null))).contains(current);
        assertThat(changes).containsExactly(current);
    }

    @Test
    void repeatedRouteIsAcceptedAndTellsNobodyAgain() {
        Route route = new Route(MAP, Epoch.of(5), RESERVE);
        table.offer(route);
        assertThat(table.offer(new Route(MAP, Epoch.of(5), RESERVE))).isEmpty();
        assertThat(changes).hasSize(1);
    }
}
