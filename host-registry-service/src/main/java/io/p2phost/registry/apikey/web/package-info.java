/** HTTP calls for API keys and their exchange. */
@NullMarked
package io.p2phost.registry.apikey.web;

import org.jspecify.annotations.NullMarked;
