/** What of an rAthena tree a host could run and what not. Reads files and nothing else; knows neither the gateway nor a terminal. */
@NullMarked
package io.p2phost.cli.bundle;

import org.jspecify.annotations.NullMarked;
