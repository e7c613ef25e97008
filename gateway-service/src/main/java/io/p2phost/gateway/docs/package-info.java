/** One OpenAPI document made of the services' own. */
@NullMarked
package io.p2phost.gateway.docs;

import org.jspecify.annotations.NullMarked;
