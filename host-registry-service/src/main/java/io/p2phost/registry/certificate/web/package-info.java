/** HTTP calls for certificates. */
@NullMarked
package io.p2phost.registry.certificate.web;

import org.jspecify.annotations.NullMarked;
