package dev.postern.sasl;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The mechanism LOGIN: the name, then the password; never standardised, but what many programs know only.
///
/// @spec https://datatracker.ietf.org/doc/html/draft-murchison-sasl-login-00 The LOGIN SASL Mechanism
public final class Login implements SaslMechanism {
    private static final String ASK_NAME = "Username:";
    private static final String ASK_PASSWORD = "Password:";

    private final CredentialCheck check;

    /// LOGIN against a back end.
    public Login(CredentialCheck check) {
        this.check = check;
    }

    @Override
    public String name() {
        return "LOGIN";
    }

    @Override
    public SaslExchange begin(SaslContext context) {
        return new Exchange(check, context.gate());
    }

    private static SaslStep ask(String prompt) {
        return new SaslStep.Challenge(prompt.getBytes(StandardCharsets.US_ASCII));
    }

    private static final class Exchange implements SaslExchange {
        private final CredentialCheck check;
        private final LoginGate gate;
        private byte @Nullable [] user;
        private boolean asked;

        Exchange(CredentialCheck check, LoginGate gate) {
            this.check = check;
            this.gate = gate;
        }

        @Override
        public SaslStep begin(Optional<byte[]> initialResponse) {
            asked = true;
            user = initialResponse.orElse(null);
            return ask(user == null ? ASK_NAME : ASK_PASSWORD);
        }

        @Override
        public SaslStep respond(byte[] response) {
            if (!asked) {
                throw new IllegalStateException("LOGIN has asked for nothing");
            }
            byte[] name = user;
            if (name == null) {
                user = response;
                return ask(ASK_PASSWORD);
            }
            asked = false;
            return Credentials.verify(name, response, check, gate);
        }
    }
}
