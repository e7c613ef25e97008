package io.p2phost.assignment.conf;

import java.util.List;

/** A file as it was read, imports in place: everything it says in order, and everything that could not be read. */
public record ConfDocument(List<ConfEntry> entries, List<ConfFault> faults) {
    public ConfDocument {
        entries = List.copyOf(entries);
        faults = List.copyOf(faults);
    }
}
