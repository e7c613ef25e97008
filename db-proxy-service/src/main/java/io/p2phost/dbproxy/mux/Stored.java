package io.p2phost.dbproxy.mux;

import io.p2phost.ro.layout.CharStatus;
import io.p2phost.ro.layout.MapPoint;

/**
 * What of a character's record ({@code mmo_charstatus}) is compared with the char-server's: what a map-server changes and a
 * char-server does not.
 */
record Stored(int baseLevel, int jobLevel, long baseExp, long jobExp, int zeny, long uniqueItems, MapPoint place) {
    static Stored of(CharStatus character) {
        return new Stored(
                character.baseLevel(),
                character.jobLevel(),
                character.baseExp(),
                character.jobExp(),
                character.zeny(),
                character.uniqueItemCounter(),
                character.lastPoint());
    }
}
