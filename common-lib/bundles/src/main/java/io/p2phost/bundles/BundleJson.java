package io.p2phost.bundles;

import io.p2phost.contracts.Json;
import io.p2phost.contracts.Text;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON without tolerance: what is signed shall have one reading. */
final class BundleJson {
    private static final JsonMapper MAPPER = Json.configure(JsonMapper.builder())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private BundleJson() {}

    static <T> T read(byte[] json, int mostBytes, String what, Class<T> type) {
        if (json.length > mostBytes) {
            throw new BundleException(what + ": " + json.length + " bytes (expected: at most " + mostBytes + ")");
        }
        try {
            T value = MAPPER.readValue(json, type);
            if (value == null) {
                throw new BundleException(what + ": null (expected: an object)");
            }
            return value;
        } catch (JacksonException e) {
            throw new BundleException(what + ": " + reason(e), e);
        }
    }

    static byte[] write(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }

    private static String reason(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof BundleException || cause instanceof IllegalArgumentException) {
                return String.valueOf(cause.getMessage());
            }
            if (cause instanceof NullPointerException) {
                return "null where a value is expected";
            }
        }
        String message = e instanceof JacksonException json ? json.getOriginalMessage() : e.getMessage();
        return Text.quote(String.valueOf(message));
    }
}
