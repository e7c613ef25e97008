@NullMarked
package io.p2phost.registry.bundle.web;

import org.jspecify.annotations.NullMarked;
