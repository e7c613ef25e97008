package io.p2phost.assignment.config;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What a setting's value may be. */
sealed interface ValueRule {
    /** What was expected instead; empty when the value is fine. */
    Optional<String> refuse(String value);

    /** The value in the one form the rest of the service reads. Only for values that are not refused. */
    default String normal(String value) {
        return value;
    }

    /** A whole number within bounds. */
    record Whole(long min, long max, String unit) implements ValueRule {
        private static final Pattern DIGITS = Pattern.compile("-?[0-9]{1,12}");

        @Override
        public Optional<String> refuse(String value) {
            boolean fine =
                    DIGITS.matcher(value).matches() && Long.parseLong(value) >= min && Long.parseLong(value) <= max;
            return fine ? Optional.empty() : Optional.of(suffixed("a whole number, " + min + " to " + max, unit));
        }

        @Override
        public String normal(String value) {
            return Long.toString(Long.parseLong(value));
        }
    }

    /** A decimal number within bounds. */
    record Decimal(double min, double max, String unit) implements ValueRule {
        private static final Pattern DECIMAL = Pattern.compile("-?[0-9]{1,9}(\\.[0-9]{1,6})?");

        @Override
        public Optional<String> refuse(String value) {
            boolean fine = DECIMAL.matcher(value).matches()
                    && Double.parseDouble(value) >= min
                    && Double.parseDouble(value) <= max;
            return fine
                    ? Optional.empty()
                    : Optional.of(suffixed("a number, " + plain(min) + " to " + plain(max), unit));
        }

        private static String plain(double number) {
            return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
        }
    }

    /** rAthena's config_switch: yes, on, true, 1 or no, off, false, 0. */
    record Switch() implements ValueRule {
        private static final Set<String> ON = Set.of("yes", "on", "true", "1");
        private static final Set<String> OFF = Set.of("no", "off", "false", "0");

        @Override
        public Optional<String> refuse(String value) {
            String word = value.toLowerCase(Locale.ROOT);
            return ON.contains(word) || OFF.contains(word)
                    ? Optional.empty()
                    : Optional.of("yes, on, true or 1; no, off, false or 0");
        }

        @Override
        public String normal(String value) {
            return Boolean.toString(ON.contains(value.toLowerCase(Locale.ROOT)));
        }
    }

    /** A switch that cannot be turned off, with the reason. */
    record AlwaysOn(String reason) implements ValueRule {
        @Override
        public Optional<String> refuse(String value) {
            boolean on = Switch.ON.contains(value.toLowerCase(Locale.ROOT));
            return on ? Optional.empty() : Optional.of("true; " + reason);
        }

        @Override
        public String normal(String value) {
            return "true";
        }
    }

    /** One of some words. */
    record Word(List<String> words) implements ValueRule {
        @Override
        public Optional<String> refuse(String value) {
            return words.stream().anyMatch(value::equalsIgnoreCase)
                    ? Optional.empty()
                    : Optional.of("one of " + String.join(", ", words));
        }
    }

    /** Two ports, the first not above the second. */
    record PortRange() implements ValueRule {
        private static final Pattern RANGE = Pattern.compile("([0-9]{1,5})\\s*-\\s*([0-9]{1,5})");

        @Override
        public Optional<String> refuse(String value) {
            var matcher = RANGE.matcher(value);
            if (matcher.matches()) {
                int from = Integer.parseInt(matcher.group(1));
                int to = Integer.parseInt(matcher.group(2));
                if (from >= 1 && from <= to && to <= 65535) {
                    return Optional.empty();
                }
            }
            return Optional.of("two ports from 1 to 65535, the lower one first, such as 7000-7999");
        }
    }

    /** A host name or address, with a port or without. */
    record Address() implements ValueRule {
        private static final Pattern ADDRESS = Pattern.compile(
                "([A-Za-z0-9]([A-Za-z0-9-]{0,62})?)(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,62})?)*(:[0-9]{1,5})?");

        @Override
        public Optional<String> refuse(String value) {
            boolean fine = value.length() <= 253 && ADDRESS.matcher(value).matches();
            return fine ? Optional.empty() : Optional.of("a host name or address, with :port or without");
        }
    }

    private static String suffixed(String text, String unit) {
        return unit.isEmpty() ? text : text + " " + unit;
    }
}
