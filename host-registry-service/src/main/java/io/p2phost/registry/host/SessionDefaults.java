package io.p2phost.registry.host;

/**
 * What a session needs beside the host itself.
 *
 * @param maxMaps how many maps a host carries that does not say so itself
 * @param dbProxyHost where hosts reach db-proxy's TCP port
 */
public record SessionDefaults(int maxMaps, String dbProxyHost, int dbProxyPort) {}
