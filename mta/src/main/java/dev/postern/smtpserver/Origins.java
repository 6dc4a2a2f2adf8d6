package dev.postern.smtpserver;

import dev.postern.policy.ListenerRole;
import dev.postern.policy.SessionFacts;
import dev.postern.spool.Origin;
import java.net.InetAddress;

/// Tells how a message comes: what its Received field will say.
final class Origins {
    private Origins() {}

    /// The origin of a message of this session.
    ///
    /// @param smtpUtf8 whether its MAIL had SMTPUTF8
    static Origin of(SessionFacts facts, boolean smtpUtf8) {
        return new Origin(
                facts.role().label(),
                facts.address()
                        .filter(address -> !address.isAnyLocalAddress()) // of a client whose address was not told
                        .map(InetAddress::getHostAddress),
                facts.helo(),
                facts.user(),
                transmissionType(facts, smtpUtf8),
                facts.tls().map(tls -> tls.protocol() + " " + tls.cipher()));
    }

    /// The transmission type: `SMTP` after HELO, else `ESMTP` or `LMTP` with `S` for TLS and `A` for AUTH (RFC 3848),
    /// `UTF8SMTP` and `UTF8LMTP` where SMTPUTF8 was used (RFC 6531 §4.3).
    private static String transmissionType(SessionFacts facts, boolean smtpUtf8) {
        boolean lmtp = facts.role() == ListenerRole.LMTP;
        boolean extended = facts.greeting().map(SessionFacts.Greeting::extended).orElse(false);
        if (!lmtp && !extended && facts.user().isEmpty() && facts.tls().isEmpty()) {
            return "SMTP";
        }
        String base = smtpUtf8 ? lmtp ? "UTF8LMTP" : "UTF8SMTP" : lmtp ? "LMTP" : "ESMTP";
        return base + (facts.tls().isPresent() ? "S" : "") + (facts.user().isPresent() ? "A" : "");
    }
}
