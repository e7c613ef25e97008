package io.p2phost.relay.codec;

import java.util.ServiceLoader;
import java.util.TreeSet;

/** The codecs on the class path. */
public final class Codecs {
    private Codecs() {}

    /**
     * The codec of that name.
     *
     * @throws IllegalArgumentException when there is none, or its settings are wrong
     */
    public static StreamCodec named(String name, StreamCodec.Context context) {
        TreeSet<String> known = new TreeSet<>();
        for (StreamCodec.Provider provider :
                ServiceLoader.load(StreamCodec.Provider.class, StreamCodec.class.getClassLoader())) {
            if (provider.name().equals(name)) {
                return provider.create(context);
            }
            known.add(provider.name());
        }
        throw new IllegalArgumentException("name: " + name + " (expected: one of " + known + ")");
    }
}
