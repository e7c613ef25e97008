/** What was last published of the catalogue. */
@NullMarked
package io.p2phost.assignment.catalogue.jdbc;

import org.jspecify.annotations.NullMarked;
