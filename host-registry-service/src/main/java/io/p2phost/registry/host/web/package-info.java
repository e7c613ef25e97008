/** HTTP calls of hosts, operators and services about hosts. */
@NullMarked
package io.p2phost.registry.host.web;

import org.jspecify.annotations.NullMarked;
