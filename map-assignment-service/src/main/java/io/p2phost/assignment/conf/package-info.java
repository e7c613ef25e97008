/** Reading of rAthena's and the seeds' configuration syntaxes, with every fault reported at once. */
@NullMarked
package io.p2phost.assignment.conf;

import org.jspecify.annotations.NullMarked;
