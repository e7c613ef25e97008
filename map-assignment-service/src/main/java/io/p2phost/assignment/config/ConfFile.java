package io.p2phost.assignment.config;

import io.p2phost.assignment.conf.ConfSyntax;
import java.util.Arrays;
import java.util.Optional;

/** The files the suite knows, under the seeds' names. */
public enum ConfFile {
    ELIGIBILITY("p2p_map_eligibility.conf", ConfSyntax.RATHENA),
    CATEGORIES("p2p_map_categories.conf", ConfSyntax.RATHENA),
    MAP_CONFIG("p2p_map_config.conf", ConfSyntax.RATHENA),
    SETTINGS("p2p_settings.conf", ConfSyntax.RATHENA),
    P2P("p2p.conf", ConfSyntax.YAML),
    HOST_NODE("host_node.conf", ConfSyntax.YAML),
    CLIENT("DATA.INI", ConfSyntax.INI);

    private final String fileName;
    private final ConfSyntax syntax;

    ConfFile(String fileName, ConfSyntax syntax) {
        this.fileName = fileName;
        this.syntax = syntax;
    }

    public String fileName() {
        return fileName;
    }

    public ConfSyntax syntax() {
        return syntax;
    }

    public static Optional<ConfFile> byName(String name) {
        return Arrays.stream(values()).filter(f -> f.fileName.equals(name)).findFirst();
    }
}
