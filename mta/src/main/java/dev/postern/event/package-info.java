/// The one interface by which every package tells what happened, and the form in which decisions
/// keep their reasons.
@NullMarked
package dev.postern.event;

import org.jspecify.annotations.NullMarked;
