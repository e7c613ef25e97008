package io.p2phost.links.mux;

import io.netty.util.concurrent.EventExecutor;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import io.p2phost.links.LinkMetrics;
import io.p2phost.links.frame.ResetCode;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The streams of a link that was lost, until another takes them on or they end. What their local sides write waits; they
 * bring nothing. On the loop of the link that was lost, where not said otherwise.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what is scheduled ends with the loop
public final class KeptStreams {
    private final StreamMux streams;

    KeptStreams(StreamMux streams) {
        this.streams = streams;
    }

    /**
     * Streams of another process, which wait here from now on. To be called on their loop.
     *
     * @param listeners whose stream each is, by its name; null: nobody's, the peer ends it
     */
    public static KeptStreams of(
            StreamsImage image,
            EventExecutor loop,
            LinkSettings settings,
            LinkMetrics metrics,
            LongSupplier nanoTime,
            IntFunction<@Nullable StreamListener> listeners) {
        StreamMux streams = new StreamMux(loop, settings, metrics, nanoTime, image.lastId());
        for (StreamsImage.Stream stream : image.streams()) {
            StreamListener listener = listeners.apply(stream.name());
            if (listener != null) {
                streams.takeOn(stream, listener);
            }
        }
        return new KeptStreams(streams);
    }

    /** What another process needs to go on with those of them that have a name, which is not negative. */
    public StreamsImage image(ToIntFunction<LinkStream> names) {
        return streams.image(names);
    }

    StreamMux streams() {
        return streams;
    }

    /** Whether this is their loop: only links of the same one can take them on. Any thread. */
    public boolean onTheirLoop() {
        return streams.inLoop();
    }

    /** Does something on their loop, at once when this is it; false when the loop has ended. Any thread. */
    public boolean onLoop(Runnable task) {
        if (streams.inLoop()) {
            task.run();
            return true;
        }
        try {
            streams.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** Does something on their loop after that time. */
    public void after(Duration time, Runnable task) {
        streams.schedule(time.toMillis(), TimeUnit.MILLISECONDS, task);
    }

    /** How many they are. Any thread. */
    public int size() {
        return streams.size();
    }

    /** How many of one map they are. Any thread. */
    public int size(MapName map) {
        return streams.size(map);
    }

    /** Resets those of a map that were opened below an epoch. */
    public void resetAll(MapName map, Epoch below, ResetCode code) {
        streams.resetAll(map, below, code);
    }

    /** Ends them as those of a lost link. */
    public void lose() {
        streams.expire();
    }

    /** Ends them on purpose: nothing of them gets through any more. */
    public void cut() {
        streams.endAll(StreamEnd.RESET);
    }
}
