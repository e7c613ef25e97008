package io.p2phost.kit;

import io.micrometer.core.instrument.MeterRegistry;
import io.p2phost.contracts.Json;
import io.p2phost.contracts.ServiceName;
import io.p2phost.kit.client.InternalClients;
import io.p2phost.kit.client.PeerAddresses;
import io.p2phost.kit.tokens.JwksSource;
import io.p2phost.kit.tokens.ServiceKeys;
import io.p2phost.kit.tokens.ServiceTokens;
import io.p2phost.kit.tokens.TokenVerifier;
import io.p2phost.kit.tokens.TokensProperties;
import java.time.Clock;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import tools.jackson.databind.json.JsonMapper;

/** Clock, JSON rules, tokens and clients. */
@AutoConfiguration
@EnableConfigurationProperties(TokensProperties.class)
class KitAutoConfiguration {
    @Bean
    @ConditionalOnMissingBean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    ServiceName serviceName(@Value("${p2p.service}") String id) {
        return ServiceName.byId(id)
                .orElseThrow(() -> new IllegalArgumentException("p2p.service: " + id + " (expected: a service id)"));
    }

    @Bean
    @Order(Ordered.LOWEST_PRECEDENCE)
    JsonMapperBuilderCustomizer contractJsonRules() {
        return Json::configure;
    }

    @Bean
    PeerAddresses peerAddresses(Environment environment) {
        return new PeerAddresses(environment);
    }

    @Bean
    ServiceKeys serviceKeys(TokensProperties properties) {
        return ServiceKeys.parse(properties.serviceKeys());
    }

    @Bean
    ServiceTokens serviceTokens(ServiceName self, TokensProperties properties, Clock clock) {
        return new ServiceTokens(self, properties.privateKey(), clock);
    }

    @Bean
    InternalClients internalClients(
            ServiceTokens tokens, PeerAddresses peers, JsonMapper mapper, MeterRegistry meters) {
        return new InternalClients(tokens, peers, mapper, meters);
    }

    @Bean
    @ConditionalOnMissingBean
    JwksSource jwksSource(PeerAddresses peers) {
        return JwksSource.http(peers.baseUrl(ServiceName.HOST_REGISTRY) + "/internal/v1/jwks");
    }

    @Bean
    TokenVerifier tokenVerifier(ServiceName self, ServiceKeys serviceKeys, JwksSource jwks, Clock clock) {
        return new TokenVerifier(self, serviceKeys, jwks, clock);
    }
}
