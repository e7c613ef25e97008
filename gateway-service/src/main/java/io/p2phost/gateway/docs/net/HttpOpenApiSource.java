package io.p2phost.gateway.docs.net;

import io.p2phost.contracts.ServiceName;
import io.p2phost.gateway.docs.OpenApiSource;
import io.p2phost.kit.client.PeerAddresses;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.springframework.stereotype.Component;

@Component
class HttpOpenApiSource implements OpenApiSource {
    // A service makes its document at the first request, which takes a moment on a small machine.
    private static final Duration DEADLINE = Duration.ofSeconds(3);
    private static final long MAX_BYTES = 4L * 1_024 * 1_024;

    private final HttpClient http;
    private final PeerAddresses peers;

    HttpOpenApiSource(HttpClient proxyClient, PeerAddresses peers) {
        this.http = proxyClient;
        this.peers = peers;
    }

    @Override
    public byte[] fetch(ServiceName service) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(peers.baseUrl(service) + "/v3/api-docs"))
                .timeout(DEADLINE)
                .header("Accept", "application/json")
                .build();
        try {
            HttpResponse<byte[]> response = http.send(
                    request, HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), MAX_BYTES));
            if (response.statusCode() != 200) {
                throw new IOException("status " + response.statusCode() + " (expected: 200)");
            }
            return response.body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
