package io.p2phost.dbproxy.charlink.net;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.ServiceName;
import io.p2phost.dbproxy.DbProxyProperties;
import io.p2phost.dbproxy.charlink.LossReports;
import io.p2phost.kit.client.InternalClients;
import io.p2phost.kit.client.PeerProblemException;
import io.p2phost.kit.client.PeerUnavailableException;
import io.p2phost.links.tls.CertificateRenewal;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

@Configuration(proxyBeanMethods = false)
class CharLinkPeers {
    private static final Logger log = LoggerFactory.getLogger(CharLinkPeers.class);
    private static final Duration DEADLINE = Duration.ofSeconds(5);
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

    private static boolean report(RestClient assignment, Loss loss) {
        try {
            assignment
                    .post()
                    .uri("/internal/v1/failovers")
                    .body(loss)
                    .retrieve()
                    .toBodilessEntity();
            return true;
        } catch (PeerProblemException | PeerUnavailableException | RestClientException e) {
            log.warn("assignment not told that host {} lost its char link: {}", loss.hostId, e.getMessage());
            return false;
        }
    }

    record Request(String csr) {}

    record Loss(HostId hostId, String reporter, String cause, Instant observedAt) {}
}
