package io.p2phost.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.contracts.ServiceName;
import io.p2phost.gateway.problem.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointsTest {
    @ParameterizedTest
    @CsvSource({
        "/api/v1/enrolments,HOST_REGISTRY",
        "/api/v1/auth/token,HOST_REGISTRY",
        "/api/v1/hosts/x:drain,HOST_REGISTRY",
        "/api/v1/api-keys,HOST_REGISTRY",
        "/api/v1/signing-keys:rotate,HOST_REGISTRY",
        "/api/v1/relays,HOST_REGISTRY",
        "/api/v1/bundles/2026-11-23.1:commit,HOST_REGISTRY",
        "/api/v1/bundle-release,HOST_REGISTRY",
        "/api/v1/bundle-chunks/00ff,HOST_REGISTRY",
        "/api/v1/maps,MAP_ASSIGNMENT",
        "/api/v1/assignments,MAP_ASSIGNMENT",
        "/api/v1/config/a.conf,MAP_ASSIGNMENT",
        "/api/v1/vps/v1,MAP_ASSIGNMENT",
        "/api/v1/status,MAP_ASSIGNMENT",
        "/api/v1/players/127.64.1.2,MAP_ASSIGNMENT",
        "/api/v1/journal,DB_PROXY",
        "/api/v1/journal/150001:discard,DB_PROXY",
        "/api/v1/quarantine/5b0c6a52-7d0e-4c5e-9a43-0f4f9f1c2d11:confirm,DB_PROXY",
        "/api/v1/validations:run,SECURITY_VALIDATOR",
        "/api/v1/validations/strikes/x,SECURITY_VALIDATOR",
        "/api/v1/metrics/hosts/x,METRICS",
        "/api/v1/audit,METRICS",
    })
    void theFirstWordDecidesTheService(String path, ServiceName service) throws Refusal {
        assertThat(Endpoints.find("GET", PublicPath.of(path)).orElseThrow().service())
                .isEqualTo(service);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/api",
                "/api/v1",
                "/api/v2/hosts",
                "/API/v1/hosts",
                "/api/v1/Hosts",
                "/api/v1/internal/v1/tokens",
                "/internal/v1/tokens",
                "/internal/v1/ping",
                "/actuator/health",
                "/api/v1/actuator",
                "/api/v1/hostsx",
                "/api/v1/relay",
                "/api/v1/error",
                "/error",
            })
    void everythingElseIsNobodys(String path) throws Refusal {
        assertThat(Endpoints.find("GET", PublicPath.of(path))).isEmpty();
    }

    @Test
    void aMatchedPathTellsItsTemplateAndTheHostItNames() throws Refusal {
        Endpoint endpoint = Endpoints.find("PUT", PublicPath.of("/api/v1/hosts/h-1/heartbeat"))
                .orElseThrow();

        assertThat(endpoint.template()).isEqualTo("/hosts/{hostId}/heartbeat");
        assertThat(endpoint.host()).isEqualTo("h-1");
        assertThat(endpoint.traits()).isEqualTo(Endpoint.Traits.HEARTBEAT);
    }

    @Test
    void anEscapedActionIsTheSameAction() throws Refusal {
        Endpoint endpoint = Endpoints.find("POST", PublicPath.of("/api/v1/hosts/h-1%3Ablacklist"))
                .orElseThrow();

        assertThat(endpoint.template()).isEqualTo("/hosts/{hostId}:{action}");
    }

    @Test
    void anUnlistedPathOfAKnownWordGetsABoundedTemplate() throws Refusal {
        Endpoint endpoint =
                Endpoints.find("DELETE", PublicPath.of("/api/v1/maps/a/b/c/d")).orElseThrow();

        assertThat(endpoint.template()).isEqualTo("/maps/**");
        assertThat(endpoint.access()).isEqualTo(Access.OPERATORS);
    }

    @Test
    void headIsTreatedAsGet() throws Refusal {
        assertThat(Endpoints.find("HEAD", PublicPath.of("/api/v1/hosts"))
                        .orElseThrow()
                        .template())
                .isEqualTo("/hosts");
    }
}
