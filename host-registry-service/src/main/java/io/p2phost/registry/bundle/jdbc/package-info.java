@NullMarked
package io.p2phost.registry.bundle.jdbc;

import org.jspecify.annotations.NullMarked;
