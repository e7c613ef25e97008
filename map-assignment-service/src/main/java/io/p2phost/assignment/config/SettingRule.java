package io.p2phost.assignment.config;

import java.util.List;

/**
 * One setting: its name here, what its value may be, and where the files set it.
 *
 * @param places strongest first
 * @param effect what it does, for operators; says so when it is only kept and checked so far
 */
record SettingRule(String name, ValueRule rule, String defaultValue, String unit, List<Place> places, String effect) {
    /** A key in a file, blocks and key joined by dots. */
    record Place(ConfFile file, String key) {}
}
