package io.p2phost.kit.consume;

import io.p2phost.contracts.event.EventEnvelope;
import java.util.function.Predicate;

/**
 * A service's wish to hear a topic: declare one as a bean.
 *
 * @param id unique within the service; part of the consumer group's name
 * @param type the data's record
 * @param matters which of the topic's events the handler is for; those of a GROUP that do not matter leave no trace
 */
public record EventSubscription<T>(
        String id, String topic, Class<T> type, Mode mode, Predicate<T> matters, Handler<T> handler) {
    /** How a subscription is delivered. */
    public enum Mode {
        /** Shared by the service's instances; each event once (by event id), in a transaction, retried, then dead-lettered. */
        GROUP,
        /** Every instance reads everything from the beginning at each start: for an index in memory. */
        BROADCAST
    }

    /** Handles one event; a failure makes a GROUP subscription retry it. */
    @FunctionalInterface
    public interface Handler<T> {
        void handle(EventEnvelope<T> event);
    }

    public static <T> EventSubscription<T> group(String id, String topic, Class<T> type, Handler<T> handler) {
        return new EventSubscription<>(id, topic, type, Mode.GROUP, data -> true, handler);
    }

    public static <T> EventSubscription<T> broadcast(String id, String topic, Class<T> type, Handler<T> handler) {
        return new EventSubscription<>(id, topic, type, Mode.BROADCAST, data -> true, handler);
    }

    /** Only events with such data. */
    public EventSubscription<T> when(Predicate<T> matter) {
        return new EventSubscription<>(id, topic, type, mode, matter, handler);
    }
}
