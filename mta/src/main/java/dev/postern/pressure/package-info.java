/// How much a server has to do: what it is short of, and how badly. Measured now and then, read by whoever takes work
/// on.
@NullMarked
package dev.postern.pressure;

import org.jspecify.annotations.NullMarked;
