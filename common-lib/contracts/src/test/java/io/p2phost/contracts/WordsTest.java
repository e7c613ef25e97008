package io.p2phost.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2phost.contracts.problem.ProblemType;
import java.security.SecureRandom;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WordsTest {
    @Test
    void mapNameDropsItsGatEnding() {
        assertThat(MapName.of("prontera.gat")).isEqualTo(new MapName("prontera"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Prontera", "a b", "a/b", "aaaaaaaaaaaaaaaaaaaaaaaaa", "x\u0000", ".gat", "a'; drop"})
    void illegalMapNameIsRefusedWithValueAndExpectation(String name) {
        assertThatThrownBy(() -> MapName.of(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("map: \"")
                .hasMessageContaining("(expected: 1 to 24 of a-z 0-9 _ @ # -)");
    }

    @Test
    void onlyElevenCharactersCanBeAnnounced() {
        assertThat(new MapName("abcdefghijk").announceable()).isTrue();
        assertThat(new MapName("guild_castle").announceable()).isFalse();
        assertThat(new MapName("0001#000001").announceable()).as("an instance").isFalse();
    }

    @Property
    void mapNameNeverAcceptsWhatWouldNeedEscaping(@ForAll String text) {
        try {
            assertThat(MapName.of(text).value()).matches("[a-z0-9_@#-]{1,24}");
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).contains("expected:").doesNotContain("\n");
        }
    }

    @Test
    void epochGrowsAndIsNeverNegative() {
        assertThat(Epoch.NONE.next()).isEqualTo(Epoch.of(1));
        assertThat(Epoch.of(1).isBefore(Epoch.of(2))).isTrue();
        assertThat(Epoch.of(2).isBefore(Epoch.of(2))).isFalse();
        assertThatThrownBy(() -> Epoch.of(-1)).hasMessage("epoch: -1 (expected: >= 0)");
        assertThatThrownBy(() -> Epoch.of(Long.MAX_VALUE).next()).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void ownerOfKindHostIsAHostIdAndHasNoAddress() {
        HostId host = HostId.random();
        assertThat(Owner.host(host).isHost(host)).isTrue();
        assertThat(Owner.vps("reserve", "127.0.0.1:5131").isHost(host)).isFalse();
        assertThatThrownBy(() -> new Owner(Owner.Kind.HOST, "not-a-host", null)).hasMessageContaining("UUID");
        assertThatThrownBy(() -> new Owner(Owner.Kind.HOST, host.value(), "127.0.0.1:1"))
                .hasMessageContaining("owner.address");
        assertThatThrownBy(() -> new Owner(Owner.Kind.VPS, "reserve", null)).hasMessageContaining("owner.address");
    }

    @Test
    void apiKeyHasItsShapeAndHidesItsSecret() {
        String key = ApiKeyFormat.generate(new SecureRandom());
        assertThat(ApiKeyFormat.isApiKey(key)).isTrue();
        assertThat(ApiKeyFormat.idOf(key)).hasSize(8);
        assertThatThrownBy(() -> ApiKeyFormat.idOf("p2p_short_secret-value")).hasMessageNotContaining("secret-value");
    }

    @Test
    void problemTypesAreUniqueAndFindable() {
        assertThat(Arrays.stream(ProblemType.values()).map(ProblemType::slug)).doesNotHaveDuplicates();
        assertThat(ProblemType.bySlug("stale-epoch")).contains(ProblemType.STALE_EPOCH);
    }

    @Test
    void servicesHaveDistinctPortsAndSchemas() {
        assertThat(Arrays.stream(ServiceName.values()).map(ServiceName::defaultPort))
                .doesNotHaveDuplicates();
        assertThat(ServiceName.byId("db-proxy")).contains(ServiceName.DB_PROXY);
    }

    @Test
    void foreignTextIsCutAndCleanedBeforeItIsShown() {
        assertThat(Text.quote("a\nb\u0007")).isEqualTo("\"a?b?\"");
        assertThat(Text.quote("x".repeat(100))).hasSize(64 + 3);
    }
}
