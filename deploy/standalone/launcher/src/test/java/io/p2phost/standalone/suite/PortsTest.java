package io.p2phost.standalone.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2phost.contracts.ServiceName;
import io.p2phost.standalone.Refusal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

class PortsTest {
    @Test
    void noTwoPartsShareAPort() {
        PortPlan ports = new PortPlan(0);

        assertThat(ports.owners()).hasSize(3 + 2 * ServiceName.values().length + 4);
        assertThat(ports.owners()).doesNotContainKey(ports.charServer());
    }

    @Test
    void theOffsetMovesEveryPort() {
        PortPlan usual = new PortPlan(0);
        PortPlan moved = new PortPlan(1000);

        assertThat(moved.owners().keySet())
                .containsExactlyElementsOf(usual.owners().keySet().stream()
                        .map(port -> port + 1000)
                        .toList());
        assertThat(moved.front()).isEqualTo(8000);
        assertThat(moved.charServer()).isEqualTo(7121);
        assertThat(new PortPlan(PortPlan.MAX_OFFSET).owners().keySet()).allMatch(port -> port < 65536);
    }

    @Test
    void aPortInUseIsNamedWithThePartThatNeedsIt() throws Exception {
        PortPlan ports = freePlan();
        try (ServerSocket taken = new ServerSocket(ports.kafka(), 1, InetAddress.ofLiteral("127.0.0.1"))) {
            assertThatThrownBy(() -> PortCheck.check(ports))
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining("Port " + taken.getLocalPort() + " (needed by Kafka) is in use");
        }
    }

    @Test
    void severalPortsInUseAreNamedAtOnce() throws Exception {
        PortPlan ports = freePlan();
        int gateway = ports.http(ServiceName.GATEWAY);
        try (ServerSocket one = new ServerSocket(ports.postgresql(), 1, InetAddress.ofLiteral("127.0.0.1"));
                ServerSocket two = new ServerSocket(gateway, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            assertThatThrownBy(() -> PortCheck.check(ports))
                    .hasMessageContaining(one.getLocalPort() + " (needed by PostgreSQL)")
                    .hasMessageContaining(two.getLocalPort() + " (needed by gateway)")
                    .hasMessageContaining("are in use");
        }
    }

    @Test
    void freePortsAreFine() throws Exception {
        PortPlan ports = freePlan();

        assertThatCode(() -> PortCheck.check(ports)).doesNotThrowAnyException();
    }

    /** An offset under which every port is free at this moment. */
    private static PortPlan freePlan() throws IOException {
        for (int i = 0; i < 100; i++) {
            PortPlan plan = new PortPlan(ThreadLocalRandom.current().nextInt(1000, 13_000));
            try {
                PortCheck.check(plan);
                return plan;
            } catch (Refusal e) {
                // Another offset, then.
            }
        }
        throw new IOException("no free ports");
    }
}
