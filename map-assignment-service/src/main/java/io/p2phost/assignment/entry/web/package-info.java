/** Entries and explanations over HTTP. */
@NullMarked
package io.p2phost.assignment.entry.web;

import org.jspecify.annotations.NullMarked;
