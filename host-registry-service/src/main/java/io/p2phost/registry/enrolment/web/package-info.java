/** HTTP calls for enrolment. */
@NullMarked
package io.p2phost.registry.enrolment.web;

import org.jspecify.annotations.NullMarked;
