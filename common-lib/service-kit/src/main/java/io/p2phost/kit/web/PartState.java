package io.p2phost.kit.web;

import java.util.Map;

/** A thing a service depends on, as shown in its ping. */
@FunctionalInterface
public interface PartState {
    /** Part name to {@code UP} or one sentence of what is wrong. Must answer within a second or so. */
    Map<String, String> states();
}
