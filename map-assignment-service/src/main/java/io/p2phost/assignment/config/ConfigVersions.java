package io.p2phost.assignment.config;

import java.util.List;
import java.util.Optional;

/** Every version of the files. */
public interface ConfigVersions {
    /** Holds off other writers until the current transaction ends. */
    void lock();

    /** The newest revision; 0 when nothing is stored. */
    long revision();

    /** The newest version of every file, by file name. */
    List<ConfigVersion> newest();

    Optional<ConfigVersion> find(String file, int version);

    /** Stores a further version; its revision is given by the store. */
    ConfigVersion append(String file, int version, String text, String author);
}
