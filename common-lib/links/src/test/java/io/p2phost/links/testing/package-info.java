/** What tests of links need, here and in the services on both ends: a certificate authority, frames by hand. */
@NullMarked
package io.p2phost.links.testing;

import org.jspecify.annotations.NullMarked;
