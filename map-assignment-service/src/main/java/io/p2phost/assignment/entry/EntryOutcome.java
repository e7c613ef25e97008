package io.p2phost.assignment.entry;

/** What comes of an entry. */
public sealed interface EntryOutcome {
    /** There is somewhere to go. */
    record Answered(EntryAnswer answer) implements EntryOutcome {}

    /** There is no such map. */
    record UnknownMap() implements EntryOutcome {}

    /** The VPS has to serve it, but the operator registered none. */
    record NoVps(String detail) implements EntryOutcome {}

    /** The request id was used for another entry. */
    record RequestReused() implements EntryOutcome {}
}
