/** What a host runs maps from: the manifest, its chunks, the signed release, and the check of a folder. No network, no policy. */
@NullMarked
package io.p2phost.bundles;

import org.jspecify.annotations.NullMarked;
