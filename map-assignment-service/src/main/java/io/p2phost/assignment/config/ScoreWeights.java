package io.p2phost.assignment.config;

/** How much each term counts in a host's score; none negative, at least one above 0. */
public record ScoreWeights(
        double capability, double freeCapacity, double latency, double loss, double stability, double region) {
    /** The weights of the packaged files. Latency to loss is 1 to 11: a lost packet is felt more than a late one. */
    public static final ScoreWeights DEFAULT = new ScoreWeights(4, 6, 1, 11, 4, 4);

    public ScoreWeights {
        if (Math.min(Math.min(Math.min(capability, freeCapacity), Math.min(latency, loss)), Math.min(stability, region))
                        < 0
                || !(capability + freeCapacity + latency + loss + stability + region > 0)) {
            throw new IllegalArgumentException("score_weights (expected: none below 0 and at least one above 0)");
        }
    }

    public double sum() {
        return capability + freeCapacity + latency + loss + stability + region;
    }
}
