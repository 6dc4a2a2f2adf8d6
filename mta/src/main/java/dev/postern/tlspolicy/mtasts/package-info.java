/// MTA-STS: the policies of domains for the TLS of their mail exchangers, found, read and kept (RFC 8461).
@NullMarked
package dev.postern.tlspolicy.mtasts;

import org.jspecify.annotations.NullMarked;
