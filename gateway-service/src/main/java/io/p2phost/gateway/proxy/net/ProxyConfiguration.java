package io.p2phost.gateway.proxy.net;

import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.bulkhead.BulkheadRegistry;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.micrometer.tagged.TaggedBulkheadMetrics;
import io.github.resilience4j.micrometer.tagged.TaggedCircuitBreakerMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.p2phost.contracts.ServiceName;
import io.p2phost.gateway.GatewayProperties;
import io.p2phost.gateway.route.Admitted;
import io.p2phost.gateway.route.Endpoints;
import io.p2phost.kit.client.PeerAddresses;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.cloud.gateway.server.mvc.filter.BeforeFilterFunctions;
import org.springframework.cloud.gateway.server.mvc.handler.GatewayRouterFunctions;
import org.springframework.cloud.gateway.server.mvc.handler.HandlerFunctions;
import org.springframework.cloud.gateway.server.mvc.handler.ProxyExchange;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.function.RequestPredicate;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.ServerResponse;

@Configuration(proxyBeanMethods = false)
class ProxyConfiguration {
    /** One route per service; what belongs to it was decided at the door. */
    @Bean
    RouterFunction<ServerResponse> serviceRoutes(PeerAddresses peers) {
        RouterFunction<ServerResponse> all = null;
        for (ServiceName service : Endpoints.services()) {
            RouterFunction<ServerResponse> route = GatewayRouterFunctions.route(service.id())
                    .route(isFor(service), HandlerFunctions.http())
                    .before(BeforeFilterFunctions.uri(URI.create(peers.baseUrl(service))))
                    .build();
            all = all == null ? route : all.and(route);
        }
        return java.util.Objects.requireNonNull(all);
    }

    private static RequestPredicate isFor(ServiceName service) {
        return request -> request.attribute(Admitted.ATTRIBUTE)
                .filter(a -> ((Admitted) a).endpoint().service() == service)
                .isPresent();
    }

    @Bean(destroyMethod = "close")
    ExecutorService proxyExecutor() {
        return Executors.newVirtualThreadPerTaskExecutor();
    }

    @Bean(destroyMethod = "shutdownNow")
    HttpClient proxyClient(ExecutorService proxyExecutor, GatewayProperties properties) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(properties.deadlines().connect())
                .followRedirects(HttpClient.Redirect.NEVER)
                .executor(proxyExecutor)
                .build();
    }

    @Bean
    ProxyExchange serviceExchange(
            HttpClient proxyClient, PeerAddresses peers, GatewayProperties properties, MeterRegistry meters) {
        GatewayProperties.Breaker settings = properties.breaker();
        CircuitBreakerRegistry breakers = CircuitBreakerRegistry.of(CircuitBreakerConfig.custom()
                .slidingWindowType(CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
                .slidingWindowSize(settings.window())
                .minimumNumberOfCalls(settings.window() / 2)
                .failureRateThreshold(settings.failurePercent())
                .waitDurationInOpenState(settings.open())
                .permittedNumberOfCallsInHalfOpenState(3)
                .build());
        BulkheadRegistry bulkheads = BulkheadRegistry.of(bulkhead(settings.places()));
        Map<ServiceName, Downstream> downstreams = new EnumMap<>(ServiceName.class);
        for (ServiceName service : Endpoints.services()) {
            downstreams.put(
                    service,
                    new Downstream(
                            URI.create(peers.baseUrl(service)),
                            breakers.circuitBreaker(service.id()),
                            bulkheads.bulkhead(service.id()),
                            bulkheads.bulkhead(service.id() + "-heartbeats", bulkhead(settings.heartbeatPlaces())),
                            bulkheads.bulkhead(service.id() + "-bundles", bulkhead(settings.bundlePlaces()))));
        }
        TaggedCircuitBreakerMetrics.ofCircuitBreakerRegistry(breakers).bindTo(meters);
        TaggedBulkheadMetrics.ofBulkheadRegistry(bulkheads).bindTo(meters);
        return new ServiceExchange(proxyClient, downstreams, properties);
    }

    private static BulkheadConfig bulkhead(int places) {
        return BulkheadConfig.custom()
                .maxConcurrentCalls(places)
                .maxWaitDuration(Duration.ZERO)
                .build();
    }
}
