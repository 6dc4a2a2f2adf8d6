/// The resolver that asks name servers over the network, and a small name server for trying things out.
///
/// Messages are read and written by dnsjava, whose types stay in this package. Sockets are our own: a question blocks
/// the (virtual) thread that asks it, so that nothing here starts a thread, and an answer that does not belong to its
/// question is ignored rather than believed or taken for the end of the question. Nothing is ever asked through
/// `InetAddress`, which would pin the carrier.
///
/// Beside the resolver stand what DNSSEC needs where we validate ourselves ({@link
/// dev.postern.dns.client.Validation.Self}, from trust anchors that follow the root), the client that asks
/// authoritative servers, and the one that changes zones.
@NullMarked
package dev.postern.dns.client;

import org.jspecify.annotations.NullMarked;
