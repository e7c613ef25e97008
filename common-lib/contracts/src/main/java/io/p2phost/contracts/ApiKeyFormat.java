package io.p2phost.contracts;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Shape of an API key: {@code p2p_<id>_<43 base64url characters>}, the last part being 32 random bytes. */
public final class ApiKeyFormat {
    /** How a key looks; group 1 is its public id. */
    public static final Pattern PATTERN = Pattern.compile("p2p_([a-z0-9]{8,16})_([A-Za-z0-9_-]{43})");

    private static final String ID_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789";
    private static final int ID_LENGTH = 8;

    private ApiKeyFormat() {}

    /** Makes a new key from the given source of randomness. */
    public static String generate(SecureRandom random) {
        StringBuilder id = new StringBuilder(ID_LENGTH);
        for (int i = 0; i < ID_LENGTH; i++) {
            id.append(ID_ALPHABET.charAt(random.nextInt(ID_ALPHABET.length())));
        }
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        return "p2p_" + id + "_" + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    }

    public static boolean isApiKey(String text) {
        return PATTERN.matcher(text).matches();
    }

    /** The public id inside a key; it may be logged. */
    public static String idOf(String key) {
        Matcher matcher = PATTERN.matcher(key);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("API key: (expected: p2p_<id>_<43 base64url characters>)");
        }
        return matcher.group(1);
    }
}
