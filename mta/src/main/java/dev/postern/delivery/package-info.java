/// Sends: starts the workers, makes the attempts, writes what they came to, and has reports
/// written where somebody must be told.
@NullMarked
package dev.postern.delivery;

import org.jspecify.annotations.NullMarked;
