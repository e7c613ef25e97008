/** HTTP edges: who may call what, problem documents, size limits. */
@NullMarked
package io.p2phost.kit.web;

import org.jspecify.annotations.NullMarked;
