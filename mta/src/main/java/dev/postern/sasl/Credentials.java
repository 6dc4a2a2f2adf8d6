package dev.postern.sasl;

import java.util.Optional;

/// A user name and a password as a client gave them: valid UTF-8, not empty, no control characters.
///
/// How they are prepared (RFC 4616 §2) is the business of whoever checks them, since it depends on what is stored;
/// names
/// with controls are refused, never mapped.
///
/// @param user 1 to 255 octets
/// @param password 1 to 1024 octets
record Credentials(String user, String password) {
    static final int MAX_USER = 255;
    static final int MAX_PASSWORD = 1024;

    /// The reason, for the log, of every failure that the client's secret has caused.
    static final String WRONG = "wrong user or password";

    /// The credentials that two strings of octets are; empty if one is too short or long, no UTF-8, or holds a control
    /// character.
    static Optional<Credentials> of(byte[] user, byte[] password) {
        if (user.length > MAX_USER || password.length > MAX_PASSWORD) {
            return Optional.empty();
        }
        return text(user).flatMap(name -> text(password).map(secret -> new Credentials(name, secret)));
    }

    /// How an exchange ends that brought this name and this password.
    static SaslStep verify(byte[] user, byte[] password, CredentialCheck check, LoginGate gate) {
        return of(user, password)
                .map(given -> given.verify(check, gate))
                .orElseGet(() -> new SaslStep.Rejected("malformed credentials", ""));
    }

    private SaslStep verify(CredentialCheck check, LoginGate gate) {
        Optional<LoginGate.Closed> closed = gate.ask(user);
        if (closed.isPresent()) {
            return new SaslStep.Throttled(closed.get().by(), closed.get().closedFor(), user);
        }
        return switch (check.check(user, password)) {
            case CredentialCheck.Outcome.Known(String canonical) -> new SaslStep.Authenticated(canonical);
            case CredentialCheck.Outcome.Wrong() -> new SaslStep.Rejected(WRONG, user);
            case CredentialCheck.Outcome.Unavailable(String why) -> new SaslStep.Unavailable(why);
        };
    }

    private static Optional<String> text(byte[] octets) {
        return UserText.utf8(octets).filter(UserText::isPlain);
    }

    /// The name only: a password is never printed.
    @Override
    public String toString() {
        return "Credentials[user=" + user + "]";
    }
}
