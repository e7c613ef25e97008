package io.p2phost.gateway.docs.web;

import io.p2phost.gateway.docs.OpenApiDocument;
import io.p2phost.gateway.docs.OpenApiSource;
import io.p2phost.gateway.route.Endpoints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.http.CacheControl;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

@Configuration(proxyBeanMethods = false)
class DocsConfiguration implements WebMvcConfigurer {
    private static final String FOLDER = "META-INF/resources/webjars/swagger-ui/";
    private static final String PAGE = "classpath*:/" + FOLDER + "*/index.html";

    @Bean
    OpenApiDocument openApiDocument(OpenApiSource source, Clock clock) {
        return new OpenApiDocument(source, Endpoints.services(), clock);
    }

    /** The page's files lie in a folder named by their version. */
    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        try {
            Resource[] pages = new PathMatchingResourcePatternResolver(DocsConfiguration.class.getClassLoader())
                    .getResources(PAGE);
            if (pages.length > 0) {
                String url = pages[0].getURL().toString();
                String folder = url.substring(url.indexOf(FOLDER), url.length() - "index.html".length());
                registry.addResourceHandler("/docs/**")
                        .addResourceLocations("classpath:/" + folder)
                        .setCacheControl(
                                CacheControl.maxAge(Duration.ofHours(1)).cachePrivate());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
