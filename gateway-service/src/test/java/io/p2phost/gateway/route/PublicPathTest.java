package io.p2phost.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.gateway.problem.Refusal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublicPathTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/../../internal/v1/tokens",
                "/api/v1/./hosts",
                "/api/v1/hosts/..",
                "/api/v1/hosts/.",
                "/api/v1/%2e%2e/internal",
                "/api/v1/%2E/hosts",
                "/api/v1/.%2e/internal",
                "/api/v1//hosts",
                "//api/v1/hosts",
                "/api/v1/hosts/",
                "/api/v1/hosts;x=1",
                "/api/v1/hosts%3bx",
                "/api/v1%2fhosts",
                "/api/v1%2Fhosts",
                "/api/v1/hosts%5c..%5cinternal",
                "/api/v1\\hosts",
                "/api/v1/hosts%00",
                "/api/v1/hosts%0d%0aX-Injected:1",
                "/api/v1/hosts%7f",
                "/api/v1/hosts%80",
                "/api/v1/%252e%252e/internal",
                "/api/v1/hosts%3Fx",
                "/api/v1/hosts%",
                "/api/v1/hosts%2",
                "/api/v1/hosts%zz",
                "/api/v1/hosts%+1",
                "/api/v1/höst",
                "/api/v1/hosts\u0000",
                "/api/v1/a b",
                "/api/v1/<x>",
                "api/v1/hosts",
                "*",
                "",
            })
    void whatTwoServersCouldReadDifferentlyIsRefused(String raw) {
        assertThatThrownBy(() -> PublicPath.of(raw))
                .isInstanceOfSatisfying(
                        Refusal.class, r -> assertThat(r.type()).isEqualTo(ProblemType.MALFORMED_REQUEST));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/api/v1/hosts",
                "/api/v1/hosts/5b0c6a52-7d0e-4c5e-9a43-0f4f9f1c2d11:drain",
                "/api/v1/maps/gl_k%40l",
                "/api/v1/config/p2p_map_config.conf",
                "/docs/swagger-ui.css"
            })
    void plainPathsPassAsTheyAre(String raw) throws Refusal {
        assertThat(PublicPath.of(raw).raw()).isEqualTo(raw);
    }

    @Test
    void escapesThatAreHarmlessAreDecodedForMatching() throws Refusal {
        assertThat(PublicPath.of("/api/v1/maps/a%23b%40c%3Ad").decoded()).isEqualTo("/api/v1/maps/a#b@c:d");
    }

    @Test
    void lengthIsBounded() throws Refusal {
        assertThat(PublicPath.of("/" + "a".repeat(1_023)).raw()).hasSize(1_024);
        assertThatThrownBy(() -> PublicPath.of("/" + "a".repeat(1_024))).hasMessageContaining("at most 1024");
    }

    @Test
    void queriesNeedEscapesAndNoNul() {
        assertThatCode(() -> PublicPath.checkQuery("a=1&b=%20x&c=a/b?d;e")).doesNotThrowAnyException();
        for (String bad : List.of("a=%00", "a=%", "a=%zz", "a=\"", "a=<", "a=\\", "a=ä", "a=" + "x".repeat(4_095))) {
            assertThatThrownBy(() -> PublicPath.checkQuery(bad)).as(bad).isInstanceOf(Refusal.class);
        }
    }
}
