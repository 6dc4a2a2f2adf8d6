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
/// @param handling how it is to be handled on its way
public record MailParameters(
        OptionalLong size,
        BodyType body,
        boolean smtpUtf8,
        Optional<RetMode> ret,
        Optional<String> envelopeId,
        Optional<String> auth,
        Handling handling) {
    /// The longest envelope id (RFC 3461 §4.4).
    public static final int MAX_ENVELOPE_ID = 100;

    /// @throws IllegalArgumentException if the size is negative, or a text is not what its RFC
    ///     allows
    public MailParameters {
        if (size.isPresent() && size.getAsLong() < 0) {
            throw new IllegalArgumentException("a size of " + size.getAsLong());
        }
        if (envelopeId.isPresent() && !isEnvelopeId(envelopeId.get())) {
            throw new IllegalArgumentException("not an envelope id");
        }
        if (auth.isPresent() && !isAuth(auth.get())) {
            throw new IllegalArgumentException("not a value of AUTH");
        }
    }

    /// Parameters that ask for the usual handling.
    public MailParameters(
            OptionalLong size,
            BodyType body,
            boolean smtpUtf8,
            Optional<RetMode> ret,
            Optional<String> envelopeId,
            Optional<String> auth) {
        this(size, body, smtpUtf8, ret, envelopeId, auth, Handling.usual());
    }

    /// Whether a text can be an envelope id.
    static boolean isEnvelopeId(String text) {
        return !text.isEmpty() && text.length() <= MAX_ENVELOPE_ID && Text.isAscii(text) && !Text.hasControl(text);
    }

    /// Whether a text can be the value of AUTH, with its coding undone: empty or a mailbox.
    static boolean isAuth(String text) {
        return text.isEmpty() || Mailbox.parse(text).isPresent();
    }

    /// No parameter at all.
    public static MailParameters none() {
        return new MailParameters(
                OptionalLong.empty(), BodyType.SEVEN_BIT, false, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /// These with another size, in octets.
    public MailParameters withSize(long octets) {
        return new MailParameters(OptionalLong.of(octets), body, smtpUtf8, ret, envelopeId, auth, handling);
    }

    /// These with another body type.
    public MailParameters withBody(BodyType other) {
        return new MailParameters(size, other, smtpUtf8, ret, envelopeId, auth, handling);
    }

    /// These with another handling.
    public MailParameters withHandling(Handling other) {
        return new MailParameters(size, body, smtpUtf8, ret, envelopeId, auth, other);
    }
}
