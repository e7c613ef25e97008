package io.p2phost.agent.manners;

/** What follows from what was seen; {@code reason} in words, empty when nothing stands against hosting. */
public record Decision(Level level, String reason) {
    public static final Decision NORMAL = new Decision(Level.NORMAL, "");

    Decision worse(Decision other) {
        return other.level.compareTo(level) > 0 ? other : this;
    }
}
