package io.p2phost.dbproxy.sessions;

import io.p2phost.dbproxy.mux.SavedGroup;

/**
 * One accepted save in the journal.
 *
 * @param sequence grows with each; of one character the older comes first
 */
public record JournalEntry(long sequence, SavedGroup group) {}
