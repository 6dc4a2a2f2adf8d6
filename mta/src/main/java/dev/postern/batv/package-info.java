/// Bounce Address Tag Validation: how a server signs the return paths of its own mail, so that it takes no
/// reports but those on mail that it sent.
///
/// Who writes mail in somebody's name has the reports on it sent to that somebody. A report comes with the null
/// reverse-path and says nothing that could be believed, but it goes to the reverse-path of the message it is about. So
/// the server writes
///
/// ```
/// ann@ours.example, to other domains  ->  prvs=KDDDSSSSSS=ann@ours.example
/// ```
///
/// and takes reports for that address and not for the plain one. `K` is a digit that tells which secret signed,
/// `DDD` the last three digits of the day on which the address expires, `S` a keyed hash in hexadecimal. Whoever
/// else writes to a signed address means the plain one.
///
/// There is no RFC; the scheme and its form, the Simple Private Signature, are those of J. Levine, D. Crocker, S.
/// Silberman and T. Finch ("Bounce Address Tag Validation", draft-levine-smtp-batv, 2008). The hash is ours: nobody
/// else checks it.
@NullMarked
package dev.postern.batv;

import org.jspecify.annotations.NullMarked;
