package io.p2phost.links.frame;

/** An enum with a number of its own on the wire, from 0 to 255. */
interface Coded {
    int code();
}
