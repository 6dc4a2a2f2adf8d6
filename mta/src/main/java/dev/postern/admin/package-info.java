/// The administrator's way into the running server: commands over a Unix socket that only its owner
/// may open.
@NullMarked
package dev.postern.admin;

import org.jspecify.annotations.NullMarked;
