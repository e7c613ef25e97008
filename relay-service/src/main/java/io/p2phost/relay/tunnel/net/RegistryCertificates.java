package io.p2phost.relay.tunnel.net;

import io.p2phost.contracts.ServiceName;
import io.p2phost.kit.client.InternalClients;
import io.p2phost.links.tls.CertificateRenewal;
import java.time.Duration;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;

@Component
class RegistryCertificates implements CertificateRenewal.Issuer {
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    private final RestClient registry;

    RegistryCertificates(InternalClients clients) {
        this.registry = clients.rest(ServiceName.HOST_REGISTRY, DEADLINE);
    }

    @Override
    public CertificateRenewal.Issued issue(String csrPem) {
        CertificateRenewal.Issued issued = registry.post()
                .uri("/internal/v1/certificates")
                .body(new Request(csrPem))
                .retrieve()
                .body(CertificateRenewal.Issued.class);
        if (issued == null) {
            throw new IllegalStateException("host-registry answered without a body");
        }
        return issued;
    }

    record Request(String csr) {}
}
