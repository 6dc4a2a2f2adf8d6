/// The Sender Rewriting Scheme: how a forwarder puts an address of its own in the place of a
/// stranger's reverse-path, and finds the way back from it without remembering anything.
///
/// Mail that is forwarded with the reverse-path that it came with fails SPF (RFC 7208) at the next
/// hop, since the domain in it does not name the forwarder. So the forwarder writes
///
/// ```
/// alice@a.example, forwarded at f.example  ->  SRS0=HHHHHH=TT=a.example=alice@f.example
/// that, forwarded again at g.example       ->  SRS1=HHHHHH=f.example==HHHHHH=TT=a.example=alice@g.example
/// and again at h.example                   ->  SRS1=HHHHHH=f.example==HHHHHH=TT=a.example=alice@h.example
/// ```
///
/// A report to an SRS1 address goes to the first forwarder, and from there to the sender; the hops
/// between need not see it. `H` is a keyed hash that only its maker can make and check, `T` the day
/// on which the address was made. Without them everybody could write addresses that make a
/// forwarder carry mail anywhere. What another forwarder wrote is wrapped as it is and never judged.
///
/// There is no RFC; the scheme is M. T. Wong and S. Tweedie's, the forms are those of their paper
/// (Shevek, "The Sender Rewriting Scheme", 2004).
@NullMarked
package dev.postern.srs;

import org.jspecify.annotations.NullMarked;
