package io.p2phost.dbproxy.charlink.net;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.ServiceName;
import io.p2phost.dbproxy.DbProxyProperties;
import io.p2phost.dbproxy.charlink.LossReports;
import io.p2phost.kit.client.InternalClients;
import io.p2phost.kit.client.PeerProblemException;
import io.p2phost.links.tls.CertificateRenewal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;

@Configuration(proxyBeanMethods = false)
class CharLinkPeers {
    private static final Logger log = LoggerFactory.getLogger(CharLinkPeers.class);
    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final int SERVER_ERROR = 500;
    private static final int TOO_MANY = 429;
    private static final String CAUSE = "CHAR_LINK_LOST";

    @Bean
    CertificateRenewal.Issuer certificateIssuer(InternalClients clients) {
        RestClient registry = clients.rest(ServiceName.HOST_REGISTRY, DEADLINE);
        return csr -> Objects.requireNonNull(
                registry.post()
                        .uri("/internal/v1/certificates")
                        .body(new Request(csr))
                        .retrieve()
                        .body(CertificateRenewal.Issued.class),
                "host-registry answered without a body");
    }

    @Bean
    LossReports lossReports(InternalClients clients, DbProxyProperties properties) {
        RestClient assignment = clients.rest(ServiceName.MAP_ASSIGNMENT, DEADLINE);
        return (host, observedAt) -> report(assignment, new Loss(host, properties.instanceId(), CAUSE, observedAt));
    }

    private static LossReports.Outcome report(RestClient assignment, Loss loss) {
        try {
            Taken taken = assignment
                    .post()
                    .uri("/internal/v1/failovers")
                    .body(loss)
                    .retrieve()
                    .body(Taken.class);
            if (taken != null && taken.moved != null) {
                return LossReports.Outcome.TAKEN;
            }
            // Players of a lost host wait for whoever has taken it: that must have been assignment.
            log.warn("assignment not told that host {} lost its char link: the answer is none of its own", loss.hostId);
            return LossReports.Outcome.AWAY;
        } catch (PeerProblemException e) {
            log.warn("assignment not told that host {} lost its char link: {}", loss.hostId, e.getMessage());
            return isItsOwnFault(e.status()) ? LossReports.Outcome.AWAY : LossReports.Outcome.REFUSED;
        } catch (RuntimeException e) {
            // Whatever it is: nobody has taken the host's maps over.
            log.warn("assignment not told that host {} lost its char link: {}", loss.hostId, e.getMessage());
            return LossReports.Outcome.AWAY;
        }
    }

    private static boolean isItsOwnFault(int status) {
        return status >= SERVER_ERROR || status == TOO_MANY;
    }

    record Request(String csr) {}

    /** What has been moved already does not matter here. */
    record Taken(@Nullable List<Object> moved) {}

    record Loss(HostId hostId, String reporter, String cause, Instant observedAt) {}
}
