/** What hosts run maps from: published by an operator, signed here, fetched by hosts. */
@NullMarked
package io.p2phost.registry.bundle;

import org.jspecify.annotations.NullMarked;
