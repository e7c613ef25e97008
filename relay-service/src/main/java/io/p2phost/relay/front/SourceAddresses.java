package io.p2phost.relay.front;

import io.netty.util.NetUtil;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Each account's own address towards map-servers, of 127.64.0.0/10: scripts, limits and logs by address keep working
 * there, and a host never sees a real one. A keyed hash: without the key nobody tells whose an address is, and the same
 * account has the same address at every relay with that key. Two accounts may share one (4,194,304 there are).
 */
public final class SourceAddresses {
    /** Bytes of the key. */
    public static final int KEY_BYTES = 32;

    private static final String ALGORITHM = "HmacSHA256";
    private static final int NETWORK = 127 << 24 | 64 << 16;
    private static final int HOST_BITS = 0x3f_ffff;

    private final SecretKeySpec key;

    public SourceAddresses(byte[] key) {
        if (key.length != KEY_BYTES) {
            throw new IllegalArgumentException("key: " + key.length + " bytes (expected: " + KEY_BYTES + ")");
        }
        this.key = new SecretKeySpec(key, ALGORITHM);
    }

    /** The account's address, in dotted order. */
    public int of(int account) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            byte[] hash = mac.doFinal(
                    ByteBuffer.allocate(Integer.BYTES).putInt(account).array());
            int low = ByteBuffer.wrap(hash).getInt() & HOST_BITS;
            // The network's own address and its broadcast address are nobody's.
            return NETWORK | Math.clamp(low, 1, HOST_BITS - 1);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The address in dotted form. */
    static String text(int address) {
        return NetUtil.intToIpAddress(address);
    }

    /** Whether the address is one that accounts have. */
    static boolean isOne(int address) {
        return (address & ~HOST_BITS) == NETWORK;
    }
}
