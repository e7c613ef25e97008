/** Settings of the features and the wiring of their cores. */
@NullMarked
package io.p2phost.registry.config;

import org.jspecify.annotations.NullMarked;
