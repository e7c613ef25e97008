package io.p2phost.cli.bundle;

/** Something in a script that matters for where it can run. */
record Fact(Type type, String name, String command, int line) {
    enum Type {
        LABEL,
        GLOBAL_START,
        SQL,
        ADDRESS,
        INSTANCE,
        SERVER_VARIABLE,
        SHARED_VARIABLE,
        NPC,
        EVERY_NPC,
        MAP,
        FUNCTION
    }
}
