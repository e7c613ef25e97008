package io.p2phost.registry.host;

/** What an operator may do to a host. */
public enum OperatorAction {
    DRAIN,
    UNDRAIN,
    BLACKLIST,
    UNBLACKLIST
}
