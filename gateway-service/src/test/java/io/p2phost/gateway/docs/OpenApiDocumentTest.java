package io.p2phost.gateway.docs;

import static io.p2phost.contracts.ServiceName.HOST_REGISTRY;
import static io.p2phost.contracts.ServiceName.METRICS;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.contracts.Json;
import io.p2phost.contracts.ServiceName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class OpenApiDocumentTest {
    private static final String REGISTRY_DOCUMENT = """
            {"openapi":"3.1.0","paths":{
              "/api/v1/hosts":{"get":{"operationId":"list","tags":["host-controller"],"responses":{"200":{"content":
                {"application/json":{"schema":{"$ref":"#/components/schemas/Page"}}}}}}},
              "/internal/v1/tokens":{"post":{"operationId":"keyToken"}},
              "/error":{"get":{}}},
             "components":{"schemas":{"Page":{"properties":{"items":{"items":{"$ref":"#/components/schemas/Host"}}}},
              "Host":{"type":"object"}},"securitySchemes":{"x":{"type":"apiKey"}}}}""";
    private static final String METRICS_DOCUMENT = """
            {"openapi":"3.1.0","paths":{"/api/v1/audit":{"get":{"operationId":"list","responses":{"200":{"content":
              {"application/json":{"schema":{"$ref":"#/components/schemas/Page"}}}}}}}},
             "components":{"schemas":{"Page":{"type":"string"}}}}""";

    private final Map<ServiceName, String> served =
            new EnumMap<>(Map.of(HOST_REGISTRY, REGISTRY_DOCUMENT, METRICS, METRICS_DOCUMENT));
    private final AtomicInteger fetched = new AtomicInteger();
    private Instant now = Instant.parse("2026-11-21T12:00:00Z");
    private final OpenApiDocument document =
            new OpenApiDocument(this::serve, Set.of(HOST_REGISTRY, METRICS), () -> now);

    private byte[] serve(ServiceName service) throws IOException {
        fetched.incrementAndGet();
        String text = served.get(service);
        if (text == null) {
            throw new IOException("away");
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void onlyPublicPathsAreTaken() {
        assertThat(read().path("paths").propertyNames()).containsExactlyInAnyOrder("/api/v1/hosts", "/api/v1/audit");
        assertThat(new String(document.json(), StandardCharsets.UTF_8)).doesNotContain("internal");
    }

    @Test
    void namesOfTwoServicesDoNotCollideAndReferencesFollow() {
        JsonNode merged = read();

        assertThat(merged.path("components").path("schemas").propertyNames())
                .containsExactlyInAnyOrder("host-registry.Page", "host-registry.Host", "metrics.Page");
        assertThat(merged.at("/components/schemas/host-registry.Page/properties/items/items/$ref")
                        .asString())
                .isEqualTo("#/components/schemas/host-registry.Host");
        assertThat(merged.at("/paths/~1api~1v1~1audit/get/responses/200/content/application~1json/schema/$ref")
                        .asString())
                .isEqualTo("#/components/schemas/metrics.Page");
        assertThat(merged.at("/paths/~1api~1v1~1hosts/get/operationId").asString())
                .isEqualTo("host-registry.list");
        assertThat(merged.at("/paths/~1api~1v1~1hosts/get/tags/0").asString()).isEqualTo("host-registry");
        assertThat(merged.path("components").path("securitySchemes").propertyNames())
                .containsExactly("bearer");
    }

    @Test
    void theDocumentIsKeptForHalfAMinute() {
        read();
        now = now.plusSeconds(29);
        read();
        assertThat(fetched).hasValue(2);
        now = now.plusSeconds(1);
        read();
        assertThat(fetched).hasValue(4);
    }

    @Test
    void aServiceThatWasNeverHeardIsNamedAndAskedAgainSoon() {
        served.remove(METRICS);
        assertThat(read().path("x-missing-services").get(0).asString()).isEqualTo("metrics");
        served.put(METRICS, METRICS_DOCUMENT);
        now = now.plusSeconds(2);
        assertThat(read().has("x-missing-services")).isFalse();
    }

    @Test
    void aServiceThatWentAwayOrAnswersNonsenseKeepsItsPaths() {
        read();
        served.put(METRICS, "<html>");
        served.remove(HOST_REGISTRY);
        now = now.plusSeconds(30);
        assertThat(read().path("paths").propertyNames()).contains("/api/v1/hosts", "/api/v1/audit");
    }

    private JsonNode read() {
        return Json.mapper().readTree(document.json());
    }
}
