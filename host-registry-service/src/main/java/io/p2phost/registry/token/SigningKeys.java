package io.p2phost.registry.token;

import java.util.List;

/** The stored signing keys. */
public interface SigningKeys {
    /** All keys, the newest first. */
    List<SigningKey> newestFirst();

    /** Adds a key. */
    void add(SigningKey key);

    /** Removes a key for ever: tokens it signed are refused from now on. */
    void remove(String kid);

    /** Lets one caller at a time change the keys, until the transaction ends. */
    void lock();
}
