/// What is remembered of clients across their sessions: how much they ask for, what they did wrong, and whether they
/// are let in.
@NullMarked
package dev.postern.guard;

import org.jspecify.annotations.NullMarked;
