package io.p2phost.links.tls;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.ServiceName;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** Who the peer of a link is, by the URN in its certificate's subject alternative names. */
public sealed interface PeerIdentity {
    /** Prefix of a host's URN. */
    String HOST_URN = "urn:p2p:host:";

    /** Prefix of a service's URN. */
    String SERVICE_URN = "urn:p2p:service:";

    /** A player's host. */
    record Host(HostId id) implements PeerIdentity {}

    /** One of the suite's services. */
    record Service(ServiceName name) implements PeerIdentity {}

    /**
     * The peer of a finished handshake; empty when its certificate does not name exactly one known identity, or when not
     * the one cipher was agreed on.
     */
    static Optional<PeerIdentity> of(SSLSession session) {
        if (!session.getCipherSuite().equals(LinkTls.CIPHER)) {
            return Optional.empty();
        }
        try {
            return session.getPeerCertificates()[0] instanceof X509Certificate leaf ? of(leaf) : Optional.empty();
        } catch (SSLPeerUnverifiedException e) {
            return Optional.empty();
        }
    }

    /** The identity in a certificate; empty when there is not exactly one known, or the key is not P-256. */
    static Optional<PeerIdentity> of(X509Certificate certificate) {
        List<String> urns = new ArrayList<>();
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            for (List<?> name : names == null ? List.<List<?>>of() : names) {
                if (name.size() > 1 && name.get(1) instanceof String text && text.startsWith("urn:p2p:")) {
                    urns.add(text);
                }
            }
        } catch (CertificateParsingException e) {
            return Optional.empty();
        }
        return urns.size() == 1 && Certificates.isP256(certificate.getPublicKey())
                ? parse(urns.getFirst())
                : Optional.empty();
    }

    private static Optional<PeerIdentity> parse(String urn) {
        if (urn.startsWith(SERVICE_URN)) {
            return ServiceName.byId(urn.substring(SERVICE_URN.length())).map(Service::new);
        }
        if (!urn.startsWith(HOST_URN)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Host(HostId.of(urn.substring(HOST_URN.length()))));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
