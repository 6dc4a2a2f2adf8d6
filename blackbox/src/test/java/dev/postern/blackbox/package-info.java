/// Scenarios: the built launcher, started as a user starts it, and seen only through sockets, files
/// and the command line.
@NullMarked
package dev.postern.blackbox;

import org.jspecify.annotations.NullMarked;
