package io.p2phost.links.frame;

import java.util.Random;

/** 128 random bits that only the two ends of a link know. */
public record ResumeToken(long high, long low) {
    /** No token. */
    public static final ResumeToken NONE = new ResumeToken(0, 0);

    /** A new one; the randomness must be hard to guess. */
    public static ResumeToken of(Random secure) {
        while (true) {
            ResumeToken token = new ResumeToken(secure.nextLong(), secure.nextLong());
            if (!token.equals(NONE)) {
                return token;
            }
        }
    }

    /** Compares without telling by its time how much was right; {@link #NONE} fits nothing. */
    public boolean fits(ResumeToken other) {
        return ((high ^ other.high) | (low ^ other.low)) == 0 && (high | low) != 0;
    }

    /** Never the bits: tokens do not belong into logs. */
    @Override
    public String toString() {
        return (high | low) == 0 ? "none" : "token";
    }
}
