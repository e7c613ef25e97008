/** Logging of everything that runs in this JVM, one file per part. */
@NullMarked
package io.p2phost.standalone.log;

import org.jspecify.annotations.NullMarked;
