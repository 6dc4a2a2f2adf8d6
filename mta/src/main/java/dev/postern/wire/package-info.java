/// Octets between two hosts: lines, dots, chunks, the switch to TLS, and deadlines. Knows no SMTP
/// verb.
@NullMarked
package dev.postern.wire;

import org.jspecify.annotations.NullMarked;
