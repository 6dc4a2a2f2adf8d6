/// TLS for both directions: which certificate we show, which we trust, and which provider does the
/// work.
@NullMarked
package dev.postern.tls;

import org.jspecify.annotations.NullMarked;
