package io.p2phost.cli.bundle;

/** Names from scripts in messages. */
final class Words {
    private static final int MAX_SHOWN = 48;

    private Words() {}

    /** At most 48 characters, printable ASCII only: the scripts' encoding is not known. */
    static String shown(String name) {
        String cut = name.length() > MAX_SHOWN ? name.substring(0, MAX_SHOWN - 1) + "…" : name;
        return cut.replaceAll("[^ -~…]", "?");
    }
}
