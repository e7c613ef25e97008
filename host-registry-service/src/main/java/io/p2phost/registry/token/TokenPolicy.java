package io.p2phost.registry.token;

import java.time.Duration;

/**
 * Lifetimes of tokens and what is asked of an assertion.
 *
 * @param maxAssertionLifetime longest time from an assertion's {@code iat} to its {@code exp}
 * @param clockSkew how far a player's clock may be off
 * @param maxLiveAssertions how many unexpired assertions of one host are remembered; more are refused
 */
public record TokenPolicy(
        Duration hostTokenLifetime,
        Duration apiKeyTokenLifetime,
        Duration maxAssertionLifetime,
        Duration clockSkew,
        int maxLiveAssertions) {}
