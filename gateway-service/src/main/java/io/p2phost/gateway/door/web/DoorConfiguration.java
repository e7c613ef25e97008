package io.p2phost.gateway.door.web;

import com.github.benmanes.caffeine.cache.Ticker;
import io.micrometer.core.instrument.MeterRegistry;
import io.p2phost.gateway.GatewayProperties;
import io.p2phost.gateway.door.KeyExchange;
import io.p2phost.gateway.door.KeyIssuer;
import io.p2phost.gateway.door.RateLimits;
import io.p2phost.kit.tokens.TokenVerifier;
import java.time.Clock;
import java.util.Map;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

@Configuration(proxyBeanMethods = false)
class DoorConfiguration {
    /** After the kit's filter, which opens the trace and bounds every body. */
    private static final int ORDER = Ordered.HIGHEST_PRECEDENCE + 20;

    @Bean
    KeyExchange keyExchange(KeyIssuer issuer, GatewayProperties properties, Clock clock, MeterRegistry meters) {
        GatewayProperties.Keys keys = properties.keys();
        return new KeyExchange(
                issuer,
                new KeyExchange.Settings(keys.remember(), keys.rememberRefused(), keys.most()),
                clock,
                Ticker.systemTicker(),
                meters);
    }

    @Bean
    RateLimits rateLimits(GatewayProperties properties, MeterRegistry meters) {
        GatewayProperties.Limits limits = properties.limits();
        return new RateLimits(
                Map.of(
                        RateLimits.Kind.CALLER, new RateLimits.Rate(limits.callerPerSecond(), limits.callerBurst()),
                        RateLimits.Kind.ADDRESS, new RateLimits.Rate(limits.addressPerSecond(), limits.addressBurst()),
                        RateLimits.Kind.HEARTBEAT,
                                new RateLimits.Rate(limits.heartbeatPerSecond(), limits.heartbeatBurst()),
                        RateLimits.Kind.BUNDLE, new RateLimits.Rate(limits.bundlePerSecond(), limits.bundleBurst())),
                limits.most(),
                Ticker.systemTicker(),
                meters);
    }

    @Bean
    FilterRegistrationBean<DoorFilter> doorFilter(
            KeyExchange keys,
            TokenVerifier tokens,
            RateLimits limits,
            GatewayProperties properties,
            Clock clock,
            MeterRegistry meters) {
        DoorFilter.BodyLimits bodies = new DoorFilter.BodyLimits(
                (int) properties.maxBody().toBytes(),
                (int) properties.maxConfigBody().toBytes(),
                (int) properties.maxBundleBody().toBytes());
        FilterRegistrationBean<DoorFilter> registration = new FilterRegistrationBean<>(
                new DoorFilter(keys, tokens, limits, bodies, new AccessLog(clock, meters)));
        registration.setOrder(ORDER);
        return registration;
    }
}
