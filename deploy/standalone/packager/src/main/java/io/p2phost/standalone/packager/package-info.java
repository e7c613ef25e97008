/** Puts the built jars together into the folder that {@code ./p2p} and the images run. Build time only. */
@NullMarked
package io.p2phost.standalone.packager;

import org.jspecify.annotations.NullMarked;
