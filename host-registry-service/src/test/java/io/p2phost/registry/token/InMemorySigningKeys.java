package io.p2phost.registry.token;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Signing keys in a list; can be made to fail. */
public final class InMemorySigningKeys implements SigningKeys {
    private final List<SigningKey> keys = new ArrayList<>();
    boolean away;

    @Override
    public List<SigningKey> newestFirst() {
        if (away) {
            throw new IllegalStateException("away");
        }
        return keys.stream()
                .sorted(Comparator.comparing(SigningKey::createdAt).reversed())
                .toList();
    }

    @Override
    public void add(SigningKey key) {
        keys.add(key);
    }

    @Override
    public void remove(String kid) {
        keys.removeIf(k -> k.kid().equals(kid));
    }

    @Override
    public void lock() {}
}
