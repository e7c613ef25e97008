package io.p2phost.contracts;

/** What a caller may do. Operators' keys carry ADMIN, OPERATOR or VIEWER; hosts, game tools and services one each. */
public enum Role {
    ADMIN,
    OPERATOR,
    VIEWER,
    HOST,
    PLAYER,
    SERVICE
}
