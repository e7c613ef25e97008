package io.p2phost.ro.layout;

import java.util.regex.Pattern;

/** A cell of a map. */
public record MapPoint(String map, int x, int y) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9_@#-]{1,11}");

    /** True for names the servers can take: they copy longer ones over their own memory and put some into SQL unescaped. */
    public static boolean isMapName(String name) {
        return NAME.matcher(name).matches();
    }
}
