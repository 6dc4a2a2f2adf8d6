/// The wiring of the server, its configuration file and its command line.
@NullMarked
package dev.postern.app;

import org.jspecify.annotations.NullMarked;
