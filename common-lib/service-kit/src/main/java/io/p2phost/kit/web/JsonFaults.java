package io.p2phost.kit.web;

import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;

/** Says where a JSON body is wrong, without class names. */
final class JsonFaults {
    private JsonFaults() {}

    static String describe(JacksonException fault) {
        String path = fault.getPath().stream()
                .map(r -> r.getPropertyName() == null ? "[" + r.getIndex() + "]" : "." + r.getPropertyName())
                .collect(Collectors.joining());
        String where = path.isEmpty() ? "the body" : path.substring(path.startsWith(".") ? 1 : 0);
        if (fault instanceof InvalidFormatException format) {
            return where + ": " + io.p2phost.contracts.Text.quote(String.valueOf(format.getValue())) + " (expected: "
                    + expected(format.getTargetType()) + ")";
        }
        if (fault instanceof MismatchedInputException mismatch) {
            return where + ": not of the expected form (expected: " + expected(mismatch.getTargetType()) + ")";
        }
        return where + ": not valid JSON at line " + fault.getLocation().getLineNr() + ", column "
                + fault.getLocation().getColumnNr();
    }

    private static String expected(@org.jspecify.annotations.Nullable Class<?> type) {
        if (type == null) {
            return "another value";
        }
        if (type.isEnum()) {
            return "one of " + java.util.Arrays.toString(type.getEnumConstants());
        }
        if (Number.class.isAssignableFrom(type) || (type.isPrimitive() && type != boolean.class)) {
            return "a number";
        }
        if (type == Boolean.class || type == boolean.class) {
            return "true or false";
        }
        if (java.time.temporal.Temporal.class.isAssignableFrom(type)) {
            return "an ISO-8601 time";
        }
        return type == String.class
                ? "a text"
                : "a JSON "
                        + (type.isArray() || java.util.Collection.class.isAssignableFrom(type) ? "array" : "object");
    }
}
