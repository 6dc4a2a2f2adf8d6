package dev.postern.smtp;

import java.util.Optional;
import java.util.OptionalLong;

/// What came with MAIL beside the reverse-path.
///
/// @param size the declared size in octets (RFC 1870 §3)
/// @param body the declared body type, 7BIT where none was
/// @param smtpUtf8 whether SMTPUTF8 was asked for (RFC 6531 §3.4)
/// @param ret how much to return in a report (RFC 3461 §4.3)
/// @param envelopeId the sender's name for the transaction, xtext undone, printable ASCII of 1 to
///     100 chars (RFC 3461 §4.4)
/// @param auth the AUTH parameter, xtext undone; `<>` as an empty string (RFC 4954 §5)
public record MailParameters(
        OptionalLong size,
        BodyType body,
        boolean smtpUtf8,
        Optional<RetMode> ret,
        Optional<String> envelopeId,
        Optional<String> auth) {
    /// No parameter at all.
    public static MailParameters none() {
        return new MailParameters(
                OptionalLong.empty(), BodyType.SEVEN_BIT, false, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /// These with another body type.
    public MailParameters withBody(BodyType other) {
        return new MailParameters(size, other, smtpUtf8, ret, envelopeId, auth);
    }
}
