package io.p2phost.cli.bundle;

/**
 * A place where a secret stands; the secret itself is never shown.
 *
 * @param shipped whether a bundle of this tree would hold the file
 */
public record Secret(String file, int line, String what, boolean shipped) {}
