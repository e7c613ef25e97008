package io.p2phost.gateway.docs.web;

import io.p2phost.gateway.docs.OpenApiDocument;
import io.p2phost.kit.web.AllowAnonymous;
import java.net.URI;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The OpenAPI document, its reader's page at {@code /docs}, and whether the gateway is there at all. */
@RestController
@AllowAnonymous
class DocsController {
    private static final String INITIALIZER = """
            window.onload = function () {
              window.ui = SwaggerUIBundle({
                url: "/v3/api-docs",
                dom_id: "#swagger-ui",
                deepLinking: true,
                validatorUrl: null,
                presets: [SwaggerUIBundle.presets.apis],
                layout: "BaseLayout"
              });
            };
            """;

    private final OpenApiDocument document;

    DocsController(OpenApiDocument document) {
        this.document = document;
    }

    @GetMapping(
            path = {"/v3/api-docs", "/v3/api-docs.json"},
            produces = MediaType.APPLICATION_JSON_VALUE)
    byte[] openApi() {
        return document.json();
    }

    @GetMapping("/docs")
    ResponseEntity<Void> page() {
        return ResponseEntity.status(HttpStatus.FOUND)
                .location(URI.create("/docs/index.html"))
                .build();
    }

    @GetMapping(path = "/docs/swagger-initializer.js", produces = "text/javascript")
    String initializer() {
        return INITIALIZER;
    }

    @GetMapping(path = "/health", produces = MediaType.APPLICATION_JSON_VALUE)
    Map<String, String> health() {
        return Map.of("status", "UP");
    }
}
