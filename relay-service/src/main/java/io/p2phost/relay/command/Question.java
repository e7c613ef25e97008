package io.p2phost.relay.command;

import java.util.Locale;

/** What can be asked. */
enum Question {
    STATUS("@p2pstatus", "how the suite is, and your map"),
    LIST("@p2plist", "maps on players' machines"),
    METRICS("@p2pmetrics", "your connection, your hosts"),
    VALIDATE("@p2pvalidate", "what validation found of your hosts"),
    /** Anything else that begins like these: answered with what there is. */
    UNKNOWN("@p2phelp", "this list");

    private final String word;
    private final String about;

    Question(String word, String about) {
        this.word = word;
        this.about = about;
    }

    /** By its first word, in upper or lower case. */
    static Question of(String words) {
        String first = words.split("\\s", 2)[0].toLowerCase(Locale.ROOT);
        for (Question each : values()) {
            if (each.word.equals(first)) {
                return each;
            }
        }
        return UNKNOWN;
    }

    String help() {
        return word + ": " + about;
    }
}
