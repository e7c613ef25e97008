package io.p2phost.standalone.suite;

import io.p2phost.contracts.ServiceName;
import java.util.List;
import java.util.function.Function;

/**
 * How one service is started.
 *
 * @param service which one
 * @param applicationClass class with {@code static start(String...)}, which returns a closable handle, and {@code main}
 * @param ownPorts arguments for ports besides its HTTP ones
 */
public record ServiceSpec(ServiceName service, String applicationClass, Function<PortPlan, List<String>> ownPorts) {
    /** The services in the order in which they start: who is asked at start comes before who asks. */
    public static final List<ServiceSpec> ALL = List.of(
            new ServiceSpec(
                    ServiceName.HOST_REGISTRY,
                    "io.p2phost.registry.HostRegistryApplication",
                    ports -> List.of("--p2p.registry.db-proxy.port=" + ports.charLinks())),
            of(ServiceName.MAP_ASSIGNMENT, "io.p2phost.assignment.MapAssignmentApplication"),
            new ServiceSpec(
                    ServiceName.DB_PROXY,
                    "io.p2phost.dbproxy.DbProxyApplication",
                    ports -> List.of(
                            "--p2p.db-proxy.port=" + ports.charLinks(),
                            "--p2p.db-proxy.vps.port=" + ports.vpsSide(),
                            "--p2p.db-proxy.upstream=" + unlessSet("P2P_DB_PROXY_UPSTREAM", ports.charServer()),
                            "--p2p.db-proxy.front=" + unlessSet("P2P_DB_PROXY_FRONT", ports.front()))),
            new ServiceSpec(
                    ServiceName.RELAY,
                    "io.p2phost.relay.RelayApplication",
                    ports -> List.of(
                            "--p2p.relay.tunnel-port=" + ports.tunnels(), "--p2p.relay.front-ports=" + ports.front())),
            of(ServiceName.SECURITY_VALIDATOR, "io.p2phost.security.SecurityValidatorApplication"),
            of(ServiceName.METRICS, "io.p2phost.metrics.MetricsApplication"),
            of(ServiceName.GATEWAY, "io.p2phost.gateway.GatewayApplication"));

    public String name() {
        return service.id();
    }

    /** A port of this machine, as a value that the operator's environment variable comes before. */
    private static String unlessSet(String variable, int port) {
        return "${" + variable + ":127.0.0.1:" + port + "}";
    }

    private static ServiceSpec of(ServiceName service, String applicationClass) {
        return new ServiceSpec(service, applicationClass, ports -> List.of());
    }
}
