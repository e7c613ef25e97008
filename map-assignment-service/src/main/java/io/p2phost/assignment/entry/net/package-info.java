@NullMarked
package io.p2phost.assignment.entry.net;

import org.jspecify.annotations.NullMarked;
