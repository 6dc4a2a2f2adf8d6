package dev.postern.sasl;

import java.util.Arrays;
import java.util.Optional;

/// The mechanism PLAIN: name and password in one message.
///
/// To act for somebody else is not offered: the authorization identity is empty or the name itself.
///
/// @spec https://www.rfc-editor.org/rfc/rfc4616 RFC 4616
public final class Plain implements SaslMechanism {
    private final CredentialCheck check;

    /// PLAIN against a back end.
    public Plain(CredentialCheck check) {
        this.check = check;
    }

    @Override
    public String name() {
        return "PLAIN";
    }

    @Override
    public SaslExchange begin(SaslContext context) {
        return new SaslExchange() {
            private boolean asked;

            @Override
            public SaslStep begin(Optional<byte[]> initialResponse) {
                asked = initialResponse.isEmpty();
                return initialResponse
                        .map(message -> verify(message, context.gate()))
                        .orElseGet(() -> new SaslStep.Challenge(new byte[0]));
            }

            @Override
            public SaslStep respond(byte[] response) {
                if (!asked) {
                    throw new IllegalStateException("PLAIN has one message only");
                }
                asked = false;
                return verify(response, context.gate());
            }
        };
    }

    /// ```
    /// message   = [authzid] UTF8NUL authcid UTF8NUL passwd
    /// authcid   = 1*SAFE ; MUST accept up to 255 octets
    /// authzid   = 1*SAFE ; MUST accept up to 255 octets
    /// passwd    = 1*SAFE ; MUST accept up to 255 octets
    /// ```
    private SaslStep verify(byte[] message, LoginGate gate) {
        int first = indexOfNul(message, 0);
        int second = first < 0 ? -1 : indexOfNul(message, first + 1);
        if (second < 0) {
            return new SaslStep.Rejected("malformed PLAIN message", "");
        }
        byte[] user = Arrays.copyOfRange(message, first + 1, second);
        boolean forItself = first == 0 || Arrays.equals(message, 0, first, user, 0, user.length);
        if (!forItself) {
            return new SaslStep.Rejected("asked to act for somebody else", "");
        }
        // A third NUL stays in the password and is refused there as a control character.
        byte[] password = Arrays.copyOfRange(message, second + 1, message.length);
        return Credentials.verify(user, password, check, gate);
    }

    private static int indexOfNul(byte[] octets, int from) {
        for (int i = from; i < octets.length; i++) {
            if (octets[i] == 0) {
                return i;
            }
        }
        return -1;
    }
}
