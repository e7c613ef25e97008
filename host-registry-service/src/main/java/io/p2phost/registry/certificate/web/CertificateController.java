package io.p2phost.registry.certificate.web;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.Role;
import io.p2phost.contracts.ServiceName;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.kit.tokens.Caller;
import io.p2phost.kit.web.Allow;
import io.p2phost.kit.web.AllowInternal;
import io.p2phost.registry.certificate.CertificateAuthority;
import io.p2phost.registry.certificate.HostStanding;
import io.p2phost.registry.certificate.IssuedCertificate;
import io.p2phost.registry.refusal.Refused;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
class CertificateController {
    private final CertificateAuthority authority;
    private final HostStanding standing;

    CertificateController(CertificateAuthority authority, HostStanding standing) {
        this.authority = authority;
        this.standing = standing;
    }

    @PostMapping("/api/v1/hosts/{id}/certificates")
    @Allow(Role.HOST)
    @ResponseStatus(HttpStatus.CREATED)
    IssuedCertificate forHost(@PathVariable HostId id, @RequestBody CertificateRequest body, Caller caller) {
        if (!caller.isHost(id)) {
            throw new Refused(ProblemType.FORBIDDEN, "host: " + id + " (expected: the caller's own id)");
        }
        standing.requireGood(id);
        return authority.forHost(id, csrOf(body));
    }

    @PostMapping("/internal/v1/certificates")
    @AllowInternal({ServiceName.RELAY, ServiceName.DB_PROXY})
    @ResponseStatus(HttpStatus.CREATED)
    IssuedCertificate forService(@RequestBody CertificateRequest body, Caller caller) {
        return authority.forService(Objects.requireNonNull(caller.service()), csrOf(body));
    }

    private static String csrOf(CertificateRequest body) {
        if (body.csr() == null) {
            throw new Refused(ProblemType.INVALID_VALUE, "csr: missing (expected: a PKCS#10 request in PEM)");
        }
        return body.csr();
    }

    record CertificateRequest(@Nullable String csr) {}
}
