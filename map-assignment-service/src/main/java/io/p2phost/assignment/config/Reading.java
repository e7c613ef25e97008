package io.p2phost.assignment.config;

import io.p2phost.assignment.conf.ConfFault;
import java.util.List;

/** What came of reading a set of files: a configuration, or everything that is wrong with them. */
public sealed interface Reading {
    /** The files can be used. */
    record Accepted(EffectiveConfig config) implements Reading {}

    /** They cannot; at least one fault. */
    record Refused(List<ConfFault> faults) implements Reading {
        public Refused {
            faults = List.copyOf(faults);
        }

        /** One line per fault. */
        public String text() {
            return String.join("\n", faults.stream().map(ConfFault::message).toList());
        }
    }
}
