/// Watches what happens and tells it: the mail log, a line for each event.
@NullMarked
package dev.postern.observe;

import org.jspecify.annotations.NullMarked;
