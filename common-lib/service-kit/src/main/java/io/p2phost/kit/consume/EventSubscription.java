package io.p2phost.kit.consume;

import io.p2phost.contracts.event.EventEnvelope;

/**
 * A service's wish to hear a topic: declare one as a bean.
 *
 * @param id unique within the service; part of the consumer group's name
 * @param type the data's record
 */
public record EventSubscription<T>(String id, String topic, Class<T> type, Mode mode, Handler<T> handler) {
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
        return new EventSubscription<>(id, topic, type, Mode.GROUP, handler);
    }

    public static <T> EventSubscription<T> broadcast(String id, String topic, Class<T> type, Handler<T> handler) {
        return new EventSubscription<>(id, topic, type, Mode.BROADCAST, handler);
    }
}
