/// Reports on deliveries: what a sender is told when his message failed, is late, or arrived (RFC
/// 3461, RFC 3464, RFC 6522, RFC 6533).
@NullMarked
package dev.postern.dsn;

import org.jspecify.annotations.NullMarked;
