package io.p2phost.ro.layout;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The structures of one build of the servers: all map-servers and the char-server of a deployment have the same.
 *
 * @param name what an operator calls it
 * @param packetver the client date the servers were built for
 * @param mode {@code pre-renewal} or {@code renewal}
 * @param platform operating system and processor, such as {@code linux-x86_64}
 */
public record BuildLayout(String name, int packetver, String mode, String platform, Map<String, StructLayout> structs) {
    /** Names of the layouts that come with this library. */
    public static final String LINUX_20200401 = "linux-x86_64-20200401";

    /** Builds for clients before 2019-05-22 (main), 2019-05-08 (RE): half the hotkeys. */
    public static final String LINUX_BEFORE_20190522 = "linux-x86_64-before-20190522";

    /** What makes a layout from an operator's own headers. */
    public static final String GENERATOR = "deploy/rathena/layout/make-layout RATHENA_DIR";

    static final String CHARACTER = "mmo_charstatus";
    static final String STORAGE = "s_storage";
    static final String AUCTION = "auction_data";
    static final String STATUS_CHANGE = "status_change_data";
    static final String COOLDOWN = "s_skill_cooldown_data";
    static final String BONUS_SCRIPT = "bonus_script_data";
    static final String PARTY = "party";
    static final String PET = "s_pet";
    static final String HOMUNCULUS = "s_homunculus";
    static final String MERCENARY = "s_mercenary";
    static final String ELEMENTAL = "s_elemental";

    /** Longest layout file read, in bytes. */
    private static final int LONGEST_FILE = 1 << 20;

    public BuildLayout {
        structs = Map.copyOf(structs);
    }

    /** A layout that comes with this library. */
    public static BuildLayout shipped(String name) {
        String file = name + ".json";
        try (InputStream in = BuildLayout.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalArgumentException(
                        "layout: " + name + " (expected: " + LINUX_20200401 + " or " + LINUX_BEFORE_20190522 + ")");
            }
            return LayoutReader.read(file, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * An operator's layout.
     *
     * @throws IllegalArgumentException with every fault of the file, one a line
     */
    public static BuildLayout read(Path file) throws IOException {
        if (Files.size(file) > LONGEST_FILE) {
            throw new IllegalArgumentException(file + ": " + Files.size(file) + " bytes (expected: at most 1 MB)");
        }
        return LayoutReader.read(file.toString(), Files.readString(file));
    }

    /**
     * The structure of that name.
     *
     * @throws IllegalArgumentException when the layout has no such structure
     */
    public StructLayout struct(String struct) {
        StructLayout found = structs.get(struct);
        if (found == null) {
            throw new IllegalArgumentException(name + ": no structure " + struct);
        }
        return found;
    }

    public StructLayout character() {
        return struct(CHARACTER);
    }

    public StructLayout storage() {
        return struct(STORAGE);
    }

    public StructLayout auction() {
        return struct(AUCTION);
    }

    public StructLayout statusChange() {
        return struct(STATUS_CHANGE);
    }

    public StructLayout cooldown() {
        return struct(COOLDOWN);
    }

    public StructLayout bonusScript() {
        return struct(BONUS_SCRIPT);
    }

    public StructLayout party() {
        return struct(PARTY);
    }
}
