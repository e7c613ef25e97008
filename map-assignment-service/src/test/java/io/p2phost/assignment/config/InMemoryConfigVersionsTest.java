package io.p2phost.assignment.config;

class InMemoryConfigVersionsTest extends ConfigVersionsContract {
    private final ConfigVersions versions = new InMemoryConfigVersions();

    @Override
    protected ConfigVersions versions() {
        return versions;
    }
}
