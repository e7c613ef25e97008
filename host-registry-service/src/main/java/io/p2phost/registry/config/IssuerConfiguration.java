package io.p2phost.registry.config;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.kit.tokens.JwksSource;
import io.p2phost.registry.apikey.ApiKeyRegistry;
import io.p2phost.registry.apikey.ApiKeys;
import io.p2phost.registry.audit.AuditTrail;
import io.p2phost.registry.bundle.Bundles;
import io.p2phost.registry.bundle.Publishing;
import io.p2phost.registry.bundle.ReleaseKeys;
import io.p2phost.registry.bundle.ReleaseSigner;
import io.p2phost.registry.certificate.AuthorityStore;
import io.p2phost.registry.certificate.CertificateAuthority;
import io.p2phost.registry.certificate.HostStanding;
import io.p2phost.registry.crypto.HostKey;
import io.p2phost.registry.crypto.Sealer;
import io.p2phost.registry.enrolment.Enrolment;
import io.p2phost.registry.enrolment.EnrolmentCodes;
import io.p2phost.registry.enrolment.NewHosts;
import io.p2phost.registry.host.Host;
import io.p2phost.registry.host.HostChanges;
import io.p2phost.registry.host.Hosts;
import io.p2phost.registry.refusal.Refused;
import io.p2phost.registry.token.HostKeys;
import io.p2phost.registry.token.HostTokens;
import io.p2phost.registry.token.KeyRing;
import io.p2phost.registry.token.SigningKey;
import io.p2phost.registry.token.SigningKeys;
import io.p2phost.registry.token.TokenIssuer;
import io.p2phost.registry.token.UsedAssertions;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.lang.JoseException;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wiring of what issues identities: keys, tokens, codes, certificates. */
@Configuration(proxyBeanMethods = false)
class IssuerConfiguration {
    @Bean
    SecureRandom secureRandom() {
        return new SecureRandom();
    }

    @Bean
    Sealer sealer(SecretsProperties secrets, SecureRandom random) {
        return Sealer.of(secrets.keyEncryptionKey(), random);
    }

    @Bean
    ApiKeyRegistry apiKeyRegistry(
            ApiKeys keys, AuditTrail audit, ApiKeyProperties properties, Clock clock, SecureRandom random) {
        return new ApiKeyRegistry(keys, audit, properties.policy(), clock, random);
    }

    @Bean
    KeyRing keyRing(SigningKeys keys, AuditTrail audit, Clock clock, SecureRandom random, TokenProperties properties) {
        return new KeyRing(keys, audit, clock, random, properties.keyRefresh());
    }

    @Bean
    TokenIssuer tokenIssuer(KeyRing keys, TokenProperties properties, Clock clock) {
        return new TokenIssuer(keys, properties.policy(), clock);
    }

    @Bean
    HostKeys hostKeys(Hosts hosts) {
        return id -> hosts.byId(id).map(Host::key);
    }

    @Bean
    HostTokens hostTokens(
            HostKeys hosts, UsedAssertions used, TokenIssuer issuer, TokenProperties properties, Clock clock) {
        return new HostTokens(hosts, used, issuer, properties.policy(), clock);
    }

    @Bean
    Enrolment enrolment(
            EnrolmentCodes codes,
            NewHosts hosts,
            AuditTrail audit,
            Sealer sealer,
            EnrolmentProperties properties,
            Clock clock,
            SecureRandom random) {
        return new Enrolment(codes, hosts, audit, sealer, properties.policy(), clock, random);
    }

    @Bean
    NewHosts newHosts(Hosts hosts, HostChanges changes, Clock clock) {
        return new NewHosts() {
            @Override
            public void lockAccount(long accountId) {
                hosts.lockAccount(accountId);
            }

            @Override
            public void lockKey(HostKey key) {
                hosts.lockKey(key);
            }

            @Override
            public int countOfAccount(long accountId) {
                return hosts.countOfAccount(accountId);
            }

            @Override
            public boolean isTaken(HostKey key) {
                return hosts.existsWithKey(key);
            }

            @Override
            public void enrol(HostId id, long accountId, String label, Machine machine) {
                changes.enrol(Host.enrolled(
                        id, accountId, label, machine.name(), machine.region(), machine.key(), clock.instant()));
            }
        };
    }

    @Bean
    CertificateAuthority certificateAuthority(
            AuthorityStore store, CertificateProperties properties, Clock clock, SecureRandom random) {
        return new CertificateAuthority(store, properties.policy(), clock, random);
    }

    @Bean
    ReleaseSigner releaseSigner(ReleaseKeys store, Clock clock) {
        return new ReleaseSigner(store, clock);
    }

    @Bean
    Publishing publishing(
            Bundles bundles, ReleaseSigner signer, AuditTrail audit, BundleProperties properties, Clock clock) {
        return new Publishing(bundles, signer, audit, properties.policy(), clock);
    }

    @Bean
    HostStanding hostStanding(HostChanges hosts) {
        return id -> hosts.find(id)
                .orElseThrow(() -> new Refused(ProblemType.NOT_FOUND, "host: " + id + " is not enrolled"))
                .requireNotBlacklisted();
    }

    /** The registry verifies tokens with its own keys instead of asking itself over HTTP. */
    @Bean
    JwksSource ownKeys(KeyRing keys) {
        return refresh -> {
            List<JsonWebKey> published = new ArrayList<>();
            for (SigningKey key : refresh ? keys.reload() : keys.live()) {
                published.add(jwk(key));
            }
            return published;
        };
    }

    private static JsonWebKey jwk(SigningKey key) throws JoseException {
        PublicJsonWebKey jwk = PublicJsonWebKey.Factory.newPublicJwk(key.publicKey());
        jwk.setKeyId(key.kid());
        return jwk;
    }

    /** What must exist before the first request: the bootstrap key, the signing keys, the authority. */
    @Bean
    InitializingBean firstStart(
            ApiKeyRegistry apiKeys,
            KeyRing keys,
            CertificateAuthority authority,
            ReleaseSigner releases,
            SecretsProperties secrets) {
        return () -> {
            keys.initialise();
            authority.initialise();
            releases.initialise();
            apiKeys.bootstrap(secrets.adminApiKey().strip());
        };
    }
}
