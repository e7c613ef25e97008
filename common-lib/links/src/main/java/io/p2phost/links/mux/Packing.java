package io.p2phost.links.mux;

import com.github.luben.zstd.util.Native;
import io.p2phost.links.frame.Frame;

/** What the two ends agree on about packed frames: how many bytes each remembers of what it gets. */
public final class Packing {
    /** Most that an end may ask its peer to remember with it. */
    public static final int MAX_HISTORY = 1 << 20;

    private Packing() {}

    /** What to announce: so many bytes, or {@link Frame#UNPACKED} where the native code cannot be loaded. */
    public static int announce(int history) {
        try {
            Native.load();
            return Native.isLoaded() ? history : Frame.UNPACKED;
        } catch (LinkageError e) {
            return Frame.UNPACKED;
        }
    }
}
