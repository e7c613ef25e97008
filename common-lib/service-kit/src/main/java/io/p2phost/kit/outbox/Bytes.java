package io.p2phost.kit.outbox;

import java.nio.charset.StandardCharsets;

/** Keys and values are plain UTF-8 bytes on Kafka, without type headers, so that any language reads them. */
final class Bytes {
    private Bytes() {}

    static byte[] of(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
