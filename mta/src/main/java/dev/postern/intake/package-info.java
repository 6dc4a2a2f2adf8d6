/// The only door into the spool: every message, from wherever, gets its trace fields, its loop
/// check and its durability here.
@NullMarked
package dev.postern.intake;

import org.jspecify.annotations.NullMarked;
