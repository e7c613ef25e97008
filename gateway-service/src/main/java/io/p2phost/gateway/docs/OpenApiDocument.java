package io.p2phost.gateway.docs;

import io.p2phost.contracts.Json;
import io.p2phost.contracts.ServiceName;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The merged document, made again at most every half minute. A service that is away keeps the paths it had; one that was
 * never heard is named as missing.
 */
public final class OpenApiDocument {
    private static final Logger log = LoggerFactory.getLogger(OpenApiDocument.class);
    private static final Duration FRESH = Duration.ofSeconds(30);
    /** While a service is missing it is asked again sooner. */
    private static final Duration FRESH_INCOMPLETE = Duration.ofSeconds(2);

    private final OpenApiSource source;
    private final Set<ServiceName> services;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<ServiceName, JsonNode> lastGood = new EnumMap<>(ServiceName.class);
    private byte @Nullable [] document;
    private Instant freshUntil = Instant.MIN;

    public OpenApiDocument(OpenApiSource source, Set<ServiceName> services, InstantSource clock) {
        this.source = source;
        this.services = EnumSet.copyOf(services);
        this.clock = clock;
    }

    /** The document as JSON. */
    public byte[] json() {
        lock.lock();
        try {
            byte[] known = document;
            if (known != null && clock.instant().isBefore(freshUntil)) {
                return known.clone();
            }
            boolean complete = fetchAll();
            Set<ServiceName> missing = EnumSet.copyOf(services);
            missing.removeAll(lastGood.keySet());
            byte[] made = Json.mapper().writeValueAsBytes(OpenApiMerge.merge(lastGood, missing));
            document = made;
            freshUntil = clock.instant().plus(complete ? FRESH : FRESH_INCOMPLETE);
            return made.clone();
        } finally {
            lock.unlock();
        }
    }

    private boolean fetchAll() {
        Map<ServiceName, Future<JsonNode>> answers = new EnumMap<>(ServiceName.class);
        boolean complete = true;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            services.forEach(service -> answers.put(service, threads.submit(() -> read(service))));
            for (Map.Entry<ServiceName, Future<JsonNode>> answer : answers.entrySet()) {
                try {
                    lastGood.put(answer.getKey(), answer.getValue().get());
                } catch (ExecutionException e) {
                    complete = false;
                    log.info("{}: no OpenAPI document ({})", answer.getKey(), String.valueOf(e.getCause()));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
        }
        return complete;
    }

    private JsonNode read(ServiceName service) throws IOException {
        try {
            JsonNode read = Json.mapper().readTree(source.fetch(service));
            if (!read.path("paths").isObject()) {
                throw new IOException("not an OpenAPI document");
            }
            return read;
        } catch (JacksonException e) {
            throw new IOException("not JSON", e);
        }
    }
}
