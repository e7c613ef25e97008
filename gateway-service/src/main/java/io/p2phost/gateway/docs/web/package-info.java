/** The document and its reader's page. */
@NullMarked
package io.p2phost.gateway.docs.web;

import org.jspecify.annotations.NullMarked;
