package dev.postern.bench.beside;

import java.util.List;

/// What is sent, and how the sender uses connections.
enum Mode {
    /// Signed mail from elsewhere, a connection each: SPF, DKIM and DMARC are checked, and pass.
    CHECKED_IN("in: SPF, DKIM, DMARC checked"),
    /// Mail of a listed host over kept connections, signed by an RSA key of 2048 bits.
    SIGNED_OUT("out: signed, RSA-2048"),
    /// The same, signed by an Ed25519 key as well.
    SIGNED_OUT_TWICE("out: signed, RSA-2048 and Ed25519");

    /// The file of the signed message, in the sender's folder.
    static final String SIGNED = "signed.eml";

    /// The file of the same message without a signature.
    static final String UNSIGNED = "unsigned.eml";

    private final String words;

    Mode(String words) {
        this.words = words;
    }

    /// As it stands in the table.
    String words() {
        return words;
    }

    /// How many times the other server's rate Postern's is to be at least; 0: nothing is asked.
    double times() {
        return this == SIGNED_OUT_TWICE ? 5 : 0;
    }

    /// The switches of smtp-source that make it so.
    List<String> switches() {
        return switch (this) {
            case CHECKED_IN -> List.of("-F", "/mnt/" + SIGNED);
            case SIGNED_OUT, SIGNED_OUT_TWICE -> List.of("-F", "/mnt/" + UNSIGNED, "-d");
        };
    }

    /// What a message that comes out must contain, so that the work is known to be done.
    ///
    /// @rfc 8601 §2.7
    List<String> marks() {
        return switch (this) {
            case CHECKED_IN -> List.of("spf=pass", "dkim=pass", "dmarc=pass");
            case SIGNED_OUT -> List.of("a=rsa-sha256");
            case SIGNED_OUT_TWICE -> List.of("a=rsa-sha256", "a=ed25519-sha256");
        };
    }
}
