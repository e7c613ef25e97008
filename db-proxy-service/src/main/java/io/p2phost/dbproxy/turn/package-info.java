/** Which of several instances on one database works while the others stand by. */
@NullMarked
package io.p2phost.dbproxy.turn;

import org.jspecify.annotations.NullMarked;
