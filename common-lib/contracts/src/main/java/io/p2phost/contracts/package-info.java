/** The words every part of the suite shares: ids, epochs, owners. No Spring, no policy. */
@NullMarked
package io.p2phost.contracts;

import org.jspecify.annotations.NullMarked;
