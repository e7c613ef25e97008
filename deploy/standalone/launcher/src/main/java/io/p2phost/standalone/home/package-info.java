/** The folder that holds a suite's state: its lock, pid files, secrets and data, and the checks made before anything starts. */
@NullMarked
package io.p2phost.standalone.home;

import org.jspecify.annotations.NullMarked;
