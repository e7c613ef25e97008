package io.p2phost.assignment;

import io.p2phost.assignment.config.ConfigVersions;
import io.p2phost.assignment.config.ConfigVersionsContract;
import io.p2phost.assignment.failover.FailoverRows;
import io.p2phost.assignment.failover.FailoverRowsContract;
import io.p2phost.assignment.ownership.MapStates;
import io.p2phost.assignment.ownership.MapStatesContract;
import io.p2phost.assignment.standby.Standbys;
import io.p2phost.assignment.standby.StandbysContract;
import io.p2phost.assignment.vps.VpsServers;
import io.p2phost.assignment.vps.VpsServersContract;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/** The stores' contracts on real PostgreSQL, in a service that touches nothing by itself. */
class StoresIT {
    private static Stage stage;

    @BeforeAll
    static void start() {
        stage = new Stage(
                1,
                Map.of(
                        "p2p.assignment.sweep-interval", "1h",
                        "p2p.assignment.repair-interval", "1h",
                        "p2p.assignment.owners-interval", "1h",
                        "p2p.assignment.standby.interval", "1h"));
    }

    @AfterAll
    static void stop() {
        stage.close();
    }

    @Nested
    class OfMapStates extends MapStatesContract {
        @Override
        protected MapStates states() {
            return stage.one().context().getBean(MapStates.class);
        }
    }

    @Nested
    class OfStandbys extends StandbysContract {
        @Override
        protected Standbys standbys() {
            return stage.one().context().getBean(Standbys.class);
        }
    }

    @Nested
    class OfFailoverRows extends FailoverRowsContract {
        @Override
        protected FailoverRows rows() {
            return stage.one().context().getBean(FailoverRows.class);
        }
    }

    @Nested
    class OfConfigVersions extends ConfigVersionsContract {
        @Override
        protected ConfigVersions versions() {
            return stage.one().context().getBean(ConfigVersions.class);
        }
    }

    @Nested
    class OfVpsServers extends VpsServersContract {
        @Override
        protected VpsServers servers() {
            return stage.one().context().getBean(VpsServers.class);
        }
    }
}
