package io.p2phost.standalone.part;

import io.p2phost.contracts.ServiceName;
import io.p2phost.standalone.home.Home;
import io.p2phost.standalone.suite.PortPlan;
import io.p2phost.standalone.suite.ServiceSpec;
import java.util.ArrayList;
import java.util.List;

/** The command line of a service: where everything is, and where its secrets lie. Secrets themselves are never on it. */
public final class ServiceArguments {
    private ServiceArguments() {}

    public static List<String> of(ServiceSpec spec, PortPlan ports, Home home, Dist dist) {
        ServiceName self = spec.service();
        List<String> args = new ArrayList<>();
        args.add("--server.port=" + ports.http(self));
        args.add("--management.server.port=" + ports.management(self));
        for (ServiceName peer : ServiceName.values()) {
            args.add("--p2p.services." + peer.id() + "=http://127.0.0.1:" + ports.http(peer));
        }
        args.add("--spring.config.import=configtree:" + home.secrets().resolve(self.id()) + "/");
        if (self.hasSchema()) {
            args.add("--spring.datasource.url=jdbc:postgresql://127.0.0.1:" + ports.postgresql() + "/"
                    + PostgresqlPart.DATABASE);
            args.add("--spring.datasource.username=" + self.schema());
            args.add("--spring.kafka.bootstrap-servers=127.0.0.1:" + ports.kafka());
        }
        args.addAll(spec.ownPorts().apply(ports));
        if (self == ServiceName.SECURITY_VALIDATOR
                && System.getenv("RATHENA_HOME") == null
                && System.getenv("P2P_SECURITY_REFERENCE_DIR") == null) {
            args.add("--p2p.security.reference-dir=" + dist.sampleReference());
        }
        return args;
    }
}
