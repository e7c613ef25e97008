package io.p2phost.agent.cell;

import java.io.IOException;

/** Where the bundle comes from that map-servers are started from. It may change while some run. */
public interface BundleSupply {
    /** What can be started now. */
    Bundle bundle();

    /**
     * The bundle for a start that follows at once: every file of it was compared with its manifest just now.
     *
     * @throws IOException naming what differs
     */
    Bundle verified() throws IOException;

    /** A folder that its owner unpacked himself. */
    static BundleSupply fixed(Bundle bundle) {
        return new BundleSupply() {
            @Override
            public Bundle bundle() {
                return bundle;
            }

            @Override
            public Bundle verified() throws IOException {
                bundle.verify();
                return bundle;
            }
        };
    }
}
