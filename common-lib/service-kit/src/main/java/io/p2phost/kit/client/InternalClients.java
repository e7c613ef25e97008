package io.p2phost.kit.client;

import io.micrometer.core.instrument.MeterRegistry;
import io.p2phost.contracts.ServiceName;
import io.p2phost.kit.tokens.ServiceTokens;
import io.p2phost.kit.trace.Trace;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpRequest;
import org.springframework.http.client.ClientHttpRequestExecution;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import org.springframework.web.client.RestClient;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Clients for calls to other services. Each call carries a service token and the trace, and has a deadline; a refusal
 * is a {@link PeerProblemException}, silence a {@link PeerUnavailableException}.
 */
public final class InternalClients implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofMillis(500);
    private static final int MAX_PROBLEM_BYTES = 65_536;

    private final ServiceTokens tokens;
    private final PeerAddresses peers;
    private final JsonMapper json;
    private final MeterRegistry meters;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient http;

    public InternalClients(ServiceTokens tokens, PeerAddresses peers, JsonMapper json, MeterRegistry meters) {
        this.tokens = tokens;
        this.peers = peers;
        this.json = json;
        this.meters = meters;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .executor(executor)
                .build();
    }

    /** A client for that service at its configured address. */
    public RestClient rest(ServiceName target, Duration deadline) {
        return rest(peers.baseUrl(target), target, deadline);
    }

    /** A client for one instance of that service, e.g. a relay at the address it registered. */
    public RestClient rest(String baseUrl, ServiceName target, Duration deadline) {
        JdkClientHttpRequestFactory factory = new JdkClientHttpRequestFactory(http);
        factory.setReadTimeout(deadline);
        return RestClient.builder()
                .baseUrl(baseUrl)
                .requestFactory(factory)
                .configureMessageConverters(converters ->
                        converters.registerDefaults().withJsonConverter(new JacksonJsonHttpMessageConverter(json)))
                .requestInterceptor((request, body, execution) -> call(target, request, body, execution))
                .defaultStatusHandler(status -> status.isError(), (request, response) -> raise(target, response))
                .build();
    }

    private ClientHttpResponse call(
            ServiceName target, HttpRequest request, byte[] body, ClientHttpRequestExecution execution) {
        HttpHeaders headers = request.getHeaders();
        headers.setBearerAuth(tokens.tokenFor(target));
        headers.set(Trace.HEADER, Trace.currentOrNew());
        try {
            return execution.execute(request, body);
        } catch (IOException e) {
            meters.counter("p2p_peer_unavailable_total", "peer", target.id()).increment();
            throw new PeerUnavailableException(target.id(), e);
        }
    }

    private void raise(ServiceName target, ClientHttpResponse response) throws IOException {
        Map<String, Object> problem = new LinkedHashMap<>();
        try (InputStream in = response.getBody()) {
            byte[] bytes = in.readNBytes(MAX_PROBLEM_BYTES);
            // "null" is JSON too.
            Map<?, ?> parsed = bytes.length == 0 ? null : json.readValue(bytes, Map.class);
            if (parsed != null) {
                parsed.forEach((k, v) -> {
                    if (v != null) {
                        problem.put(String.valueOf(k), v);
                    }
                });
            }
        } catch (JacksonException e) {
            problem.put("detail", "the answer was no problem document");
        }
        throw new PeerProblemException(target.id(), response.getStatusCode().value(), problem);
    }

    @Override
    public void close() {
        http.shutdownNow();
        executor.shutdownNow();
    }
}
