package io.p2phost.agent.bundle;

import io.p2phost.bundles.BundleVersion;
import io.p2phost.bundles.Sha256;
import java.io.IOException;

/** Where bundles come from. Nothing it gives is believed: releases are signed, all else is named by its SHA-256. */
public interface BundleSource {
    /** The signed release in effect. */
    byte[] release() throws IOException;

    byte[] manifest(BundleVersion version) throws IOException;

    /** Called from several threads at once. */
    byte[] chunk(Sha256 chunk) throws IOException;
}
