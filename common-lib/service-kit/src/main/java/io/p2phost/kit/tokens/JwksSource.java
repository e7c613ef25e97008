package io.p2phost.kit.tokens;

import java.io.IOException;
import java.util.List;
import org.jose4j.jwk.HttpsJwks;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.lang.JoseException;

/** Where the registry's public signing keys come from. */
@FunctionalInterface
public interface JwksSource {
    /**
     * The current keys.
     *
     * @param refresh true when a token names a key that was not among the last answer's
     */
    List<JsonWebKey> keys(boolean refresh) throws IOException, JoseException;

    /** Keys over HTTP, cached; re-read at most once a second for an unknown key, and kept while the registry is away. */
    static JwksSource http(String url) {
        HttpsJwks jwks = new HttpsJwks(url);
        jwks.setDefaultCacheDuration(60);
        jwks.setRefreshReprieveThreshold(1_000);
        jwks.setRetainCacheOnErrorDuration(3_600);
        org.jose4j.http.Get get = new org.jose4j.http.Get();
        get.setConnectTimeout(500);
        get.setReadTimeout(1_000);
        get.setRetries(0);
        jwks.setSimpleHttpGet(get);
        return refresh -> {
            if (refresh) {
                jwks.refresh();
            }
            return jwks.getJsonWebKeys();
        };
    }
}
