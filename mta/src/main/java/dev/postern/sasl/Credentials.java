package dev.postern.sasl;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// A user name and a password as a client gave them: valid UTF-8, not empty, no control characters.
///
/// Deviates: RFC 4616 §2 asks for SASLprep; both strings are compared as they are, which every client in the field that
/// sends what the user typed agrees with, and names with controls are refused, never mapped.
///
/// @param user 1 to 255 octets
/// @param password 1 to 1024 octets
record Credentials(String user, String password) {
    static final int MAX_USER = 255;
    static final int MAX_PASSWORD = 1024;

    /// The credentials that two strings of octets are; empty if one is too short or long, no UTF-8, or holds a control
    /// character.
    static Optional<Credentials> of(byte[] user, byte[] password) {
        if (user.length > MAX_USER || password.length > MAX_PASSWORD) {
            return Optional.empty();
        }
        return text(user).flatMap(name -> text(password).map(secret -> new Credentials(name, secret)));
    }

    /// How an exchange ends that brought this name and this password.
    static SaslStep verify(byte[] user, byte[] password, CredentialCheck check) {
        return of(user, password)
                .map(given -> given.verify(check))
                .orElseGet(() -> new SaslStep.Rejected("malformed credentials", ""));
    }

    private SaslStep verify(CredentialCheck check) {
        return switch (check.check(user, password)) {
            case CredentialCheck.Outcome.Known(String canonical) -> new SaslStep.Authenticated(canonical);
            case CredentialCheck.Outcome.Wrong() -> new SaslStep.Rejected("wrong user or password", user);
            case CredentialCheck.Outcome.Unavailable(String why) -> new SaslStep.Unavailable(why);
        };
    }

    private static Optional<String> text(byte[] octets) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets))
                    .toString();
            boolean plain = text.chars().noneMatch(c -> Character.isISOControl(c) || c == '\u2028' || c == '\u2029');
            return plain && !text.isEmpty() ? Optional.of(text) : Optional.empty();
        } catch (CharacterCodingException notUtf8) {
            return Optional.empty(); // the exception is how the decoder says "no"
        }
    }

    /// The name only: a password is never printed.
    @Override
    public String toString() {
        return "Credentials[user=" + user + "]";
    }
}
