package io.p2phost.assignment.config;

import java.time.Instant;

/**
 * One version of one file.
 *
 * @param revision grows with every change of any file
 * @param version grows by one with every change of this file, from 1
 * @param author who, as in audit entries
 */
public record ConfigVersion(long revision, String file, int version, String text, String author, Instant createdAt) {}
