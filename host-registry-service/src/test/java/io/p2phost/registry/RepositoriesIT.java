package io.p2phost.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.registry.apikey.ApiKeys;
import io.p2phost.registry.apikey.ApiKeysContract;
import io.p2phost.registry.bundle.Bundles;
import io.p2phost.registry.bundle.BundlesContract;
import io.p2phost.registry.enrolment.EnrolmentCodes;
import io.p2phost.registry.enrolment.EnrolmentCodesContract;
import io.p2phost.registry.host.Hosts;
import io.p2phost.registry.host.HostsContract;
import io.p2phost.registry.host.Requirements;
import io.p2phost.registry.host.RequirementsStore;
import io.p2phost.registry.host.TierRequirement;
import io.p2phost.registry.relay.Relays;
import io.p2phost.registry.relay.RelaysContract;
import io.p2phost.registry.token.SigningKeys;
import io.p2phost.registry.token.SigningKeysContract;
import io.p2phost.registry.token.UsedAssertions;
import io.p2phost.registry.token.UsedAssertionsContract;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.support.TransactionTemplate;

/** The stores on real PostgreSQL, held to the same contracts as those in memory. */
class RepositoriesIT {
    private static RegistryUnderTest registry;

    @BeforeAll
    static void start() {
        registry = new RegistryUnderTest(Map.of());
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    private static <T> T bean(Class<T> type) {
        return registry.service().context().getBean(type);
    }

    @Test
    void theLastKnownRequirementsAreReplaced() {
        RequirementsStore store = bean(RequirementsStore.class);
        Requirements one = new Requirements(1, List.of(new TierRequirement(1, 3.0, 4, 8, 100)), 100);
        Requirements two = new Requirements(2, List.of(new TierRequirement(1, 2.5, 2, 4, 50)), 80);
        store.save(one, Instant.now());
        assertThat(store.load()).contains(one);
        store.save(two, Instant.now());
        assertThat(store.load()).contains(two);
    }

    @Nested
    class StoredHosts extends HostsContract {
        @Override
        protected Hosts hosts() {
            return bean(Hosts.class);
        }

        @Override
        protected <T> T inTransaction(Supplier<T> work) {
            return bean(TransactionTemplate.class).execute(status -> work.get());
        }
    }

    @Nested
    class StoredApiKeys extends ApiKeysContract {
        @Override
        protected ApiKeys keys() {
            return bean(ApiKeys.class);
        }
    }

    @Nested
    class StoredEnrolmentCodes extends EnrolmentCodesContract {
        @Override
        protected EnrolmentCodes codes() {
            return bean(EnrolmentCodes.class);
        }
    }

    @Nested
    class StoredUsedAssertions extends UsedAssertionsContract {
        @Override
        protected UsedAssertions used() {
            return bean(UsedAssertions.class);
        }
    }

    @Nested
    class StoredSigningKeys extends SigningKeysContract {
        @Override
        protected SigningKeys keys() {
            return bean(SigningKeys.class);
        }
    }

    @Nested
    class StoredRelays extends RelaysContract {
        @Override
        protected Relays relays() {
            return bean(Relays.class);
        }
    }

    @Nested
    class StoredBundles extends BundlesContract {
        @Override
        protected Bundles bundles() {
            return bean(Bundles.class);
        }
    }
}
