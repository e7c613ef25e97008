/** Player sessions in PostgreSQL. */
@NullMarked
package io.p2phost.dbproxy.sessions.jdbc;

import org.jspecify.annotations.NullMarked;
