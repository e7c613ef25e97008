package io.p2phost.agent;

/** The release this agent was built as. */
public final class AgentVersion {
    private AgentVersion() {}

    /** From the jar's manifest; {@code dev} when run from class files. */
    public static String current() {
        String version = AgentVersion.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }
}
