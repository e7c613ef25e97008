package io.p2phost.agent.manners;

/** How far hosting has to step back, least first. */
public enum Level {
    /** Nothing stands against hosting. */
    NORMAL,
    /** What is carried stays, nothing more comes. */
    NO_MORE,
    /** All maps are handed back as planned; the session goes on, so that maps can come back soon. */
    SHED,
    /** All maps are handed back as planned, then the session ends: no processor time and no traffic. */
    PAUSE;

    /** Whether maps have to go. */
    public boolean handsBack() {
        return compareTo(SHED) >= 0;
    }
}
