package io.p2phost.agent.gateway;

/** One requirement the machine does not meet, as the server said it. */
public record Shortfall(String requirement, String required, String actual) {
    /** In plain words, with units. */
    public String inWords() {
        return switch (requirement) {
            case "cpuGhz" -> "processor: " + actual + " GHz, at least " + required + " GHz are needed";
            case "cpuCores" -> "processor cores: " + actual + ", at least " + required + " are needed";
            case "ramGb" -> "memory: " + actual + " GB, at least " + required + " GB are needed";
            case "networkMbps" ->
                isZero(actual)
                        ? "network: the driver does not tell the link's speed, at least " + required
                                + " Mbit/s are needed"
                        : "network: " + actual + " Mbit/s, at least " + required + " Mbit/s are needed";
            case "latencyMs", "maxLatencyMs" -> "latency: " + actual + " ms, at most " + required + " ms are allowed";
            default -> requirement + ": " + actual + ", " + required + " is needed";
        };
    }

    private static boolean isZero(String number) {
        return number.matches("0+(\\.0+)?");
    }
}
