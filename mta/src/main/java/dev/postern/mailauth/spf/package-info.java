/// The Sender Policy Framework: whether a domain lets a client send in its name.
///
/// {@link SpfVerifier} is the function check_host() of the standard, asked for the name in HELO or
/// for the reverse-path; {@link SpfRecord} is what a domain publishes, as a value that can be read,
/// explained and criticised without any network; {@link ReceivedSpf} writes a result into a header
/// section.
///
/// Everything that decides comes from strangers: the record, the names it leads to, the addresses
/// of the client's name, the local part and the name in HELO. So the work of one check has a bound
/// that no answer moves. A term that asks DNS costs one of ten look-ups, an `mx` term asks for at
/// most ten hosts more, the names of the client are asked for once a check and at most ten of them,
/// and an explanation costs one question: at most {@value
/// dev.postern.mailauth.spf.SpfVerifier#MOST_QUESTIONS} questions. A record is read in one pass,
/// and what macros make is cut as soon as no more of it can matter.
///
/// @spec https://www.rfc-editor.org/rfc/rfc7208 RFC 7208
@NullMarked
package dev.postern.mailauth.spf;

import org.jspecify.annotations.NullMarked;
