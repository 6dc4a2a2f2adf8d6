/// Who wants to be told how sessions with the servers of a domain go: the record that says so, and how it is found (RFC
/// 8460 §3).
@NullMarked
package dev.postern.tlspolicy.tlsrpt;

import org.jspecify.annotations.NullMarked;
