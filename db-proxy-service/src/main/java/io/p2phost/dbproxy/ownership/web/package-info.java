/** Ownership over HTTP, for services only. */
@NullMarked
package io.p2phost.dbproxy.ownership.web;

import org.jspecify.annotations.NullMarked;
