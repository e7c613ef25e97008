/** Refusals as problem documents. */
@NullMarked
package io.p2phost.registry.refusal.web;

import org.jspecify.annotations.NullMarked;
