package io.p2phost.ro.inter;

import org.jspecify.annotations.Nullable;

/** What items are in. */
public enum ItemKind {
    INVENTORY(1),
    CART(2),
    STORAGE(3),
    GUILD_STORAGE(4);

    private final int code;

    ItemKind(int code) {
        this.code = code;
    }

    /** The kind of that code, or null when there is none. */
    public static @Nullable ItemKind byCode(int code) {
        for (ItemKind kind : values()) {
            if (kind.code == code) {
                return kind;
            }
        }
        return null;
    }

    public int code() {
        return code;
    }
}
