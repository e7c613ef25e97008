package io.p2phost.kit.web;

import io.p2phost.kit.tokens.TokenVerifier;
import java.util.List;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.format.FormatterRegistry;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.databind.json.JsonMapper;

/** The HTTP edge of a service. */
@AutoConfiguration(before = ErrorMvcAutoConfiguration.class)
@EnableConfigurationProperties(HttpProperties.class)
@Import({ProblemAdvice.class, ErrorPageController.class, PingController.class})
public class KitWebAutoConfiguration {
    @Bean
    FilterRegistrationBean<RequestFilter> requestFilter(HttpProperties properties, JsonMapper json) {
        FilterRegistrationBean<RequestFilter> registration =
                new FilterRegistrationBean<>(new RequestFilter(properties, json));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 10);
        return registration;
    }

    @Configuration(proxyBeanMethods = false)
    static class Mvc implements WebMvcConfigurer {
        private final TokenVerifier verifier;

        Mvc(TokenVerifier verifier) {
            this.verifier = verifier;
        }

        @Override
        public void addInterceptors(InterceptorRegistry registry) {
            registry.addInterceptor(new AccessInterceptor(verifier));
        }

        @Override
        public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
            resolvers.add(new CallerArgumentResolver());
        }

        @Override
        public void addFormatters(FormatterRegistry registry) {
            ContractConverters.register(registry);
        }
    }
}
