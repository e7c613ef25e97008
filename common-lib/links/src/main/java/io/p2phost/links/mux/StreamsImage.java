package io.p2phost.links.mux;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import io.p2phost.links.Bytes;
import java.util.List;

/**
 * Streams that wait, as another process takes them on.
 *
 * @param lastId the newest stream's number
 * @param streams those that are taken on; the peer ends the others
 */
public record StreamsImage(int lastId, List<Stream> streams) {
    public StreamsImage {
        streams = List.copyOf(streams);
    }

    /**
     * One stream, open in both directions. What was received counts as taken.
     *
     * @param name what the two processes call it between them
     * @param sendWindow window this side was given at first
     * @param sent payload bytes sent, from the stream's begin
     * @param received payload bytes received, from the stream's begin
     * @param unacknowledged what was sent and is not known to have arrived, frame by frame
     * @param queued what was not sent yet
     */
    public record Stream(
            int name,
            int id,
            MapName map,
            Epoch epoch,
            int source,
            int sendWindow,
            long sent,
            long received,
            List<Bytes> unacknowledged,
            Bytes queued) {
        public Stream {
            unacknowledged = List.copyOf(unacknowledged);
        }
    }
}
