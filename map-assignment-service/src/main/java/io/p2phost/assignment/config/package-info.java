/** The operator's settings in effect: which file says what, who wins, and how a change is checked and kept. */
@NullMarked
package io.p2phost.assignment.config;

import org.jspecify.annotations.NullMarked;
