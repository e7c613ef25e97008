package io.p2phost.dbproxy.mux;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Session ids as map-servers behind the multiplexer know them: valid for one login of one player on one server only. The real ones
 * would let a host enter any trusted server as its player.
 */
final class Pseudonyms {
    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;

    /**
     * What stands for login_id1 and login_id2.
     *
     * @param loginId1 never 0, which means "refused" in a server change's answer
     */
    record Ids(int loginId1, int loginId2) {}

    /** @param key at least 16 random bytes, the same after a restart */
    Pseudonyms(byte[] key) {
        if (key.length < 16) {
            throw new IllegalArgumentException("pseudonym key: " + key.length + " bytes (expected: at least 16)");
        }
        this.key = new SecretKeySpec(key, ALGORITHM);
    }

    Ids of(PlayerSession session) {
        return of(session, session.server);
    }

    /** As whom that server knows or knew him; where no relay writes them in, by his real ids. */
    Ids of(PlayerSession session, ServerKey server) {
        if (session.relay == null && server.equals(ServerKey.RESERVE)) {
            return new Ids(session.loginId1, session.loginId2);
        }
        return of(session.account, session.loginId1, server);
    }

    private Ids of(int account, int loginId1, ServerKey server) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update(
                    ByteBuffer.allocate(16).putLong(account).putLong(loginId1).flip());
            ByteBuffer code = ByteBuffer.wrap(mac.doFinal(server.toString().getBytes(StandardCharsets.UTF_8)));
            return new Ids(positive(code.getInt()), positive(code.getInt()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A map-server keeps them as signed integers and treats 0 as none. */
    private static int positive(int any) {
        return (any & 0x7fff_ffff) | 1;
    }
}
