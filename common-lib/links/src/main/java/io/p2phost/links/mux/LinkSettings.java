package io.p2phost.links.mux;

import java.time.Duration;

/**
 * Bounds and times of a link; {@link #defaults()} is what the suite runs with, tests tighten single values.
 *
 * @param pingInterval how often a probe is sent
 * @param deadAfter silence that ends the link (the route lease)
 * @param checkInterval how often silence is judged; two checks on time must agree
 * @param slipTolerance a check later than this is our own fault: the lease starts anew by the slip
 * @param handshakeTimeout for connecting, for TLS and for the hello, each
 * @param streamWindow bytes per stream that this side is ready to hold at first
 * @param maxStreamWindow bytes that it may become ready to hold, where a tunnel's path needs more
 * @param maxStreams streams at once
 * @param sendHighWatermark queued bytes of one stream from which its source pauses
 * @param sendLowWatermark queued bytes of one stream from which its source goes on
 * @param receiveLimit received bytes of all streams together that local receivers have not taken; the stream that
 *     passes it is reset
 * @param controlLimit unsent bytes from which a peer that does not read is cut
 */
public record LinkSettings(
        Duration pingInterval,
        Duration deadAfter,
        Duration checkInterval,
        Duration slipTolerance,
        Duration handshakeTimeout,
        int streamWindow,
        int maxStreamWindow,
        int maxStreams,
        int sendHighWatermark,
        int sendLowWatermark,
        int receiveLimit,
        int controlLimit) {
    /** Least window a peer may announce: one minimal frame must always fit. */
    static final int MIN_WINDOW = 1024;

    /** Largest window, granted credit included. */
    static final int MAX_WINDOW = 16 << 20;

    private static final int KIB = 1024;

    public LinkSettings {
        if (deadAfter.compareTo(pingInterval.multipliedBy(2)) < 0) {
            throw new IllegalArgumentException("dead-after: " + deadAfter + " (expected: >= 2 x ping-interval)");
        }
        if (checkInterval.isNegative() || checkInterval.isZero() || checkInterval.compareTo(pingInterval) > 0) {
            throw new IllegalArgumentException(
                    "check-interval: " + checkInterval + " (expected: > 0, <= ping-interval)");
        }
        if (streamWindow < MIN_WINDOW || streamWindow > MAX_WINDOW) {
            throw new IllegalArgumentException(
                    "stream-window: " + streamWindow + " (expected: " + MIN_WINDOW + " to " + MAX_WINDOW + ")");
        }
        if (maxStreamWindow < streamWindow || maxStreamWindow > MAX_WINDOW) {
            throw new IllegalArgumentException("max-stream-window: " + maxStreamWindow + " (expected: >= stream-window "
                    + streamWindow + ", <= " + MAX_WINDOW + ")");
        }
        if (maxStreams < 1) {
            throw new IllegalArgumentException("max-streams: " + maxStreams + " (expected: >= 1)");
        }
        if (sendLowWatermark < 0 || sendLowWatermark >= sendHighWatermark) {
            throw new IllegalArgumentException("send-low-watermark: " + sendLowWatermark
                    + " (expected: >= 0, < send-high-watermark " + sendHighWatermark + ")");
        }
        if (receiveLimit < streamWindow) {
            throw new IllegalArgumentException(
                    "receive-limit: " + receiveLimit + " (expected: >= stream-window " + streamWindow + ")");
        }
        if (controlLimit < 64 * KIB) {
            throw new IllegalArgumentException("control-limit: " + controlLimit + " (expected: >= 65536)");
        }
    }

    /** Probes each second, dead after 3 s, 256 KiB windows. */
    public static LinkSettings defaults() {
        return new LinkSettings(
                Duration.ofSeconds(1),
                Duration.ofSeconds(3),
                Duration.ofMillis(200),
                Duration.ofMillis(500),
                Duration.ofSeconds(5),
                256 * KIB,
                4096 * KIB,
                4096,
                64 * KIB,
                16 * KIB,
                64 * KIB * KIB,
                512 * KIB);
    }

    /** How long the peer may take to answer an OPEN: its own time to connect, and as much for the way. */
    Duration openTimeout() {
        return handshakeTimeout.multipliedBy(2);
    }

    public LinkSettings withStreamWindow(int bytes) {
        return new LinkSettings(
                pingInterval,
                deadAfter,
                checkInterval,
                slipTolerance,
                handshakeTimeout,
                bytes,
                Math.max(maxStreamWindow, bytes),
                maxStreams,
                sendHighWatermark,
                sendLowWatermark,
                Math.max(receiveLimit, bytes),
                controlLimit);
    }

    public LinkSettings withMaxStreamWindow(int bytes) {
        return new LinkSettings(
                pingInterval,
                deadAfter,
                checkInterval,
                slipTolerance,
                handshakeTimeout,
                streamWindow,
                bytes,
                maxStreams,
                sendHighWatermark,
                sendLowWatermark,
                receiveLimit,
                controlLimit);
    }

    public LinkSettings withMaxStreams(int streams) {
        return new LinkSettings(
                pingInterval,
                deadAfter,
                checkInterval,
                slipTolerance,
                handshakeTimeout,
                streamWindow,
                maxStreamWindow,
                streams,
                sendHighWatermark,
                sendLowWatermark,
                receiveLimit,
                controlLimit);
    }

    public LinkSettings withReceiveLimit(int bytes) {
        return new LinkSettings(
                pingInterval,
                deadAfter,
                checkInterval,
                slipTolerance,
                handshakeTimeout,
                streamWindow,
                maxStreamWindow,
                maxStreams,
                sendHighWatermark,
                sendLowWatermark,
                bytes,
                controlLimit);
    }

    public LinkSettings withHandshakeTimeout(Duration timeout) {
        return new LinkSettings(
                pingInterval,
                deadAfter,
                checkInterval,
                slipTolerance,
                timeout,
                streamWindow,
                maxStreamWindow,
                maxStreams,
                sendHighWatermark,
                sendLowWatermark,
                receiveLimit,
                controlLimit);
    }

    public LinkSettings withLiveness(Duration ping, Duration dead, Duration check) {
        return new LinkSettings(
                ping,
                dead,
                check,
                slipTolerance,
                handshakeTimeout,
                streamWindow,
                maxStreamWindow,
                maxStreams,
                sendHighWatermark,
                sendLowWatermark,
                receiveLimit,
                controlLimit);
    }
}
