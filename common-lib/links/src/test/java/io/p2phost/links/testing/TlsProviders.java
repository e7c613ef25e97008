package io.p2phost.links.testing;

import io.p2phost.links.tls.TlsProvider;
import java.util.List;

/** Whose TLS can accept links on this machine: each test of links is run with all of them. */
public final class TlsProviders {
    private TlsProviders() {}

    public static List<TlsProvider> here() {
        return TlsProvider.best() == TlsProvider.JDK ? List.of(TlsProvider.JDK) : List.of(TlsProvider.values());
    }
}
