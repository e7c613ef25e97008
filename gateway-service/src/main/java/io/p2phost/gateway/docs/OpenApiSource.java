package io.p2phost.gateway.docs;

import io.p2phost.contracts.ServiceName;
import java.io.IOException;

/** Where a service's own OpenAPI document is read. */
@FunctionalInterface
public interface OpenApiSource {
    /**
     * The document as JSON.
     *
     * @throws IOException when the service does not give one in time
     */
    byte[] fetch(ServiceName service) throws IOException;
}
