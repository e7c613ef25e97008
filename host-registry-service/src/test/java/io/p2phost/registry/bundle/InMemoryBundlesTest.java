package io.p2phost.registry.bundle;

class InMemoryBundlesTest extends BundlesContract {
    private final Bundles bundles = new InMemoryBundles();

    @Override
    protected Bundles bundles() {
        return bundles;
    }
}
