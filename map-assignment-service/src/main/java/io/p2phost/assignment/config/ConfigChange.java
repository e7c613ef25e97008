package io.p2phost.assignment.config;

import io.p2phost.assignment.conf.ConfFault;
import java.util.List;

/** What became of a wish to change a file. */
public sealed interface ConfigChange {
    /** The text is in force; the version is the old one when nothing changed. */
    record Applied(ConfigVersion version, List<String> warnings) implements ConfigChange {}

    /** The files as a whole would have faults. */
    record Refused(List<ConfFault> faults) implements ConfigChange {}

    /** The file has another version than the caller saw. */
    record Changed(int currentVersion) implements ConfigChange {}

    /** No such file may be stored. */
    record UnknownFile(String expected) implements ConfigChange {}
}
