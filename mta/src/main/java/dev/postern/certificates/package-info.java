/// The certificates that our listeners show: where each comes from, when its files have changed, and whether a new one
/// may be shown yet.
@NullMarked
package dev.postern.certificates;

import org.jspecify.annotations.NullMarked;
