package io.p2phost.kit.web;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Limits of the HTTP edge.
 *
 * @param maxBody longest request body; a longer one is answered 413 before it is read whole
 */
@ConfigurationProperties("p2p.http")
public record HttpProperties(@DefaultValue("64KB") DataSize maxBody) {
    public HttpProperties {
        if (maxBody.toBytes() < 1_024 || maxBody.toBytes() > 64L * 1_024 * 1_024) {
            throw new IllegalArgumentException("p2p.http.max-body: " + maxBody + " (expected: 1KB to 64MB)");
        }
    }
}
