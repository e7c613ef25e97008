package io.p2phost.gateway.proxy.net;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.p2phost.contracts.ServiceName;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.gateway.GatewayProperties;
import io.p2phost.gateway.problem.ProblemDocument;
import io.p2phost.gateway.problem.Refusal;
import io.p2phost.gateway.proxy.Passing;
import io.p2phost.gateway.route.Admitted;
import io.p2phost.gateway.route.Endpoint.Traits;
import io.p2phost.kit.trace.Trace;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.gateway.server.mvc.handler.GatewayServerResponse;
import org.springframework.cloud.gateway.server.mvc.handler.ProxyExchange;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * Carries an admitted request to its service and the answer back. The answer is read whole, within the deadline and a
 * bound, before a byte of it is passed on: a service that stops half-way gives a problem document, not half an answer.
 */
final class ServiceExchange implements ProxyExchange {
    private static final Logger log = LoggerFactory.getLogger(ServiceExchange.class);

    private final HttpClient http;
    private final Map<ServiceName, Downstream> downstreams;
    private final GatewayProperties properties;

    ServiceExchange(HttpClient http, Map<ServiceName, Downstream> downstreams, GatewayProperties properties) {
        this.http = http;
        this.downstreams = Map.copyOf(downstreams);
        this.properties = properties;
    }

    @Override
    public ServerResponse exchange(Request request) {
        HttpServletRequest servlet = request.getServerRequest().servletRequest();
        Admitted admitted = (Admitted) Objects.requireNonNull(servlet.getAttribute(Admitted.ATTRIBUTE));
        ServiceName service = admitted.endpoint().service();
        Downstream downstream = Objects.requireNonNull(downstreams.get(service));
        try {
            return answer(service, call(service, downstream, admitted, servlet));
        } catch (Refusal refusal) {
            return problem(refusal.type(), refusal.detail(), refusal.headers());
        }
    }

    private HttpResponse<byte[]> call(
            ServiceName service, Downstream downstream, Admitted admitted, HttpServletRequest servlet) throws Refusal {
        Bulkhead places = downstream.places(admitted.endpoint().traits());
        if (!places.tryAcquirePermission()) {
            throw Refusal.retryLater(ProblemType.UNAVAILABLE, service + " is busy: too many calls at once", 1);
        }
        try {
            if (!downstream.breaker().tryAcquirePermission()) {
                throw Refusal.retryLater(
                        ProblemType.UNAVAILABLE,
                        service + " is not available: it failed repeatedly",
                        properties.breaker().open().toSeconds());
            }
            long start = downstream.breaker().getCurrentTimestamp();
            try {
                HttpResponse<byte[]> response = send(request(downstream, admitted, servlet), deadline(admitted));
                long took = downstream.breaker().getCurrentTimestamp() - start;
                if (response.statusCode() >= 500 && !isProblem(response)) {
                    downstream
                            .breaker()
                            .onError(
                                    took,
                                    downstream.breaker().getTimestampUnit(),
                                    new IOException("no problem document"));
                } else {
                    downstream.breaker().onSuccess(took, downstream.breaker().getTimestampUnit());
                }
                return response;
            } catch (IOException e) {
                downstream
                        .breaker()
                        .onError(
                                downstream.breaker().getCurrentTimestamp() - start,
                                downstream.breaker().getTimestampUnit(),
                                e);
                throw refusal(service, e);
            } catch (InterruptedException e) {
                downstream.breaker().releasePermission();
                Thread.currentThread().interrupt();
                throw Refusal.retryLater(ProblemType.UNAVAILABLE, "the gateway is stopping", 1);
            }
        } finally {
            places.onComplete();
        }
    }

    private static Refusal refusal(ServiceName service, IOException failure) {
        log.warn("{}: {}", service, failure.toString());
        if (failure instanceof HttpTimeoutException && !(failure instanceof HttpConnectTimeoutException)) {
            return new Refusal(ProblemType.DEADLINE_EXCEEDED, service + " did not answer in time");
        }
        boolean absent = failure instanceof ConnectException || failure instanceof HttpConnectTimeoutException;
        return Refusal.retryLater(
                ProblemType.UNAVAILABLE, service + (absent ? " is not available" : " broke off its answer"), 1);
    }

    private Duration deadline(Admitted admitted) {
        return admitted.endpoint().traits() == Traits.ENTRY
                ? properties.deadlines().entries()
                : properties.deadlines().total();
    }

    private static HttpRequest request(Downstream downstream, Admitted admitted, HttpServletRequest servlet)
            throws IOException {
        // The door has read the body whole already.
        byte[] sent = servlet.getInputStream().readAllBytes();
        String query = admitted.query();
        URI target = URI.create(downstream.base() + admitted.path() + (query == null ? "" : "?" + query));
        HttpRequest.BodyPublisher body =
                sent.length == 0 ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofByteArray(sent);
        HttpRequest.Builder request = HttpRequest.newBuilder(target).method(servlet.getMethod(), body);
        for (String name : Collections.list(servlet.getHeaderNames())) {
            if (Passing.toService(name)) {
                Collections.list(servlet.getHeaders(name)).forEach(value -> request.header(name, value));
            }
        }
        request.setHeader(Trace.HEADER, Trace.currentOrNew());
        if (admitted.token() != null) {
            request.setHeader("Authorization", "Bearer " + admitted.token());
        }
        return request.build();
    }

    /** The client's own time-out ends with the headers; this one covers the body too. */
    private HttpResponse<byte[]> send(HttpRequest request, Duration deadline) throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> response = http.sendAsync(
                request,
                HttpResponse.BodyHandlers.limiting(
                        HttpResponse.BodyHandlers.ofByteArray(),
                        properties.maxResponse().toBytes()));
        try {
            return response.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            response.cancel(true);
            throw new HttpTimeoutException("no answer within " + deadline.toMillis() + " ms");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw new IOException("call failed", e.getCause());
        }
    }

    private static ServerResponse answer(ServiceName service, HttpResponse<byte[]> response) throws Refusal {
        int status = response.statusCode();
        if (status >= 500 && !isProblem(response)) {
            // Whatever it wrote was not meant for callers.
            log.warn("{}: answered {} without a problem document", service, status);
            throw new Refusal(
                    status == 503 ? ProblemType.UNAVAILABLE : ProblemType.INTERNAL, service + " failed, see its log");
        }
        if (status >= 400 && !isProblem(response)) {
            throw new Refusal(typeFor(status), service + " did not accept the request");
        }
        byte[] body = response.body();
        return GatewayServerResponse.status(HttpStatusCode.valueOf(status))
                .headers(headers -> response.headers()
                        .map()
                        .forEach((name, values) -> values.forEach(value -> {
                            if (Passing.toCaller(name, value)) {
                                headers.add(name, value);
                            }
                        })))
                .build((in, out) -> {
                    if (!in.getMethod().equals("HEAD") && body.length > 0) {
                        out.setContentLength(body.length);
                        out.getOutputStream().write(body);
                    }
                    return null;
                });
    }

    private static ProblemType typeFor(int status) {
        return switch (status) {
            case 401 -> ProblemType.UNAUTHENTICATED;
            case 403 -> ProblemType.FORBIDDEN;
            case 404 -> ProblemType.NOT_FOUND;
            case 405 -> ProblemType.METHOD_NOT_ALLOWED;
            case 406 -> ProblemType.NOT_ACCEPTABLE;
            case 409 -> ProblemType.CONFLICT;
            case 410 -> ProblemType.GONE;
            case 413 -> ProblemType.TOO_LARGE;
            case 415 -> ProblemType.UNSUPPORTED_MEDIA_TYPE;
            case 429 -> ProblemType.TOO_MANY_REQUESTS;
            default -> ProblemType.MALFORMED_REQUEST;
        };
    }

    private static boolean isProblem(HttpResponse<?> response) {
        return response.headers().firstValue("Content-Type").orElse("").startsWith(ProblemDocument.MEDIA_TYPE);
    }

    private static ServerResponse problem(ProblemType type, String detail, Map<String, String> more) {
        byte[] document = ProblemDocument.of(type, detail, Trace.currentOrNew());
        return GatewayServerResponse.status(type.status())
                .headers(headers -> {
                    more.forEach(headers::set);
                    headers.set("Content-Type", ProblemDocument.MEDIA_TYPE);
                })
                .build((in, out) -> {
                    out.setContentLength(document.length);
                    out.getOutputStream().write(document);
                    return null;
                });
    }
}
