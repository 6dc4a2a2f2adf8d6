/// DMARC (RFC 9989): whether a message is from the domain that its author names, and what the owner
/// of that domain wants done with it if not.
///
/// {@link dev.postern.mailauth.dmarc.DmarcVerifier} takes the author and the domains that SPF and
/// DKIM have vouched for, finds the policy record and the organizational domains by walks up the
/// tree of DNS names, and answers with a {@link dev.postern.mailauth.dmarc.DmarcResult} that keeps
/// all a report to the owner will need. What is done with the message is the caller's affair.
@NullMarked
package dev.postern.mailauth.dmarc;

import org.jspecify.annotations.NullMarked;
