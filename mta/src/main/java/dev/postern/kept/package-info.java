/// What the server knows and keeps over a restart: brought to disk when it has changed, and read once at the start.
@NullMarked
package dev.postern.kept;

import org.jspecify.annotations.NullMarked;
