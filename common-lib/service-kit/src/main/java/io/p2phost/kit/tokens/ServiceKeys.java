package io.p2phost.kit.tokens;

import io.p2phost.contracts.ServiceName;
import java.security.PublicKey;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.lang.JoseException;

/** The services' public keys, known offline so that no token service stands on the failover path. */
public final class ServiceKeys {
    private final Map<ServiceName, PublicKey> keys;

    private ServiceKeys(Map<ServiceName, PublicKey> keys) {
        this.keys = keys;
    }

    /** Reads a JWKS document in which each {@code kid} is a service's id. */
    public static ServiceKeys parse(String jwks) {
        try {
            Map<ServiceName, PublicKey> keys = new EnumMap<>(ServiceName.class);
            for (JsonWebKey key : new JsonWebKeySet(jwks).getJsonWebKeys()) {
                ServiceName service = ServiceName.byId(String.valueOf(key.getKeyId()))
                        .orElseThrow(() -> new IllegalArgumentException(
                                "p2p.tokens.service-keys: kid " + key.getKeyId() + " (expected: a service id)"));
                keys.put(service, ((PublicJsonWebKey) key).getPublicKey());
            }
            return new ServiceKeys(keys);
        } catch (JoseException e) {
            throw new IllegalArgumentException("p2p.tokens.service-keys: unreadable (expected: a JWKS document)", e);
        }
    }

    Optional<PublicKey> keyOf(ServiceName service) {
        return Optional.ofNullable(keys.get(service));
    }
}
