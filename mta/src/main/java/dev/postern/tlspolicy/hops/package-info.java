/// Which protection each next hop must have, and why: what the sender wishes, the configuration demands, and DANE and
/// MTA-STS publish, brought together in one place (RFC 7672, RFC 8461, RFC 8689).
@NullMarked
package dev.postern.tlspolicy.hops;

import org.jspecify.annotations.NullMarked;
