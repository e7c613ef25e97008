package io.p2phost.assignment.config;

import java.util.Map;

/**
 * The configuration in force and where it comes from.
 *
 * @param revision of the newest file in it; hosts are told this as the version of their requirements
 * @param files the newest version of every stored file
 */
public record InForce(long revision, EffectiveConfig config, Map<String, ConfigVersion> files) {
    public InForce {
        files = Map.copyOf(files);
    }
}
