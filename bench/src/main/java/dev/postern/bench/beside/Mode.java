package dev.postern.bench.beside;

import java.util.List;

/// What is sent, and how the sender uses connections.
enum Mode {
    /// A new connection for each message.
    CONNECTION_A_MESSAGE(Work.RELAY, "a connection for each message"),
    /// Each session keeps its connection (`smtp-source -d`).
    CONNECTIONS_KEPT(Work.RELAY, "connections kept (-d)"),
    /// Signed mail from elsewhere, a connection each: SPF, DKIM and DMARC are checked, and pass.
    CHECKED_IN(Work.AUTHENTICATION, "in: SPF, DKIM, DMARC checked"),
    /// Mail of a listed host over kept connections, signed by an RSA key of 2048 bits.
    SIGNED_OUT(Work.AUTHENTICATION, "out: signed, RSA-2048"),
    /// The same, signed by an Ed25519 key as well.
    SIGNED_OUT_TWICE(Work.AUTHENTICATION, "out: signed, RSA-2048 and Ed25519");

    /// The file of the signed message, in the sender's folder.
    static final String SIGNED = "signed.eml";

    /// The file of the same message without a signature.
    static final String UNSIGNED = "unsigned.eml";

    private final Work work;
    private final String words;

    Mode(Work work, String words) {
        this.work = work;
        this.words = words;
    }

    /// The work that it is a part of.
    Work work() {
        return work;
    }

    /// As it stands in the table.
    String words() {
        return words;
    }

    /// The switches of smtp-source that make it so.
    ///
    /// @param octets of each message
    List<String> switches(int octets) {
        return switch (this) {
            case CONNECTION_A_MESSAGE -> List.of("-l", Integer.toString(octets));
            case CONNECTIONS_KEPT -> List.of("-l", Integer.toString(octets), "-d");
            case CHECKED_IN -> List.of("-F", "/mnt/" + SIGNED);
            case SIGNED_OUT, SIGNED_OUT_TWICE -> List.of("-F", "/mnt/" + UNSIGNED, "-d");
        };
    }

    /// What a message that comes out must contain, so that the work is known to be done.
    ///
    /// @rfc 8601 §2.7
    List<String> marks() {
        return switch (this) {
            case CONNECTION_A_MESSAGE, CONNECTIONS_KEPT -> List.of();
            case CHECKED_IN -> List.of("spf=pass", "dkim=pass", "dmarc=pass");
            case SIGNED_OUT -> List.of("a=rsa-sha256");
            case SIGNED_OUT_TWICE -> List.of("a=rsa-sha256", "a=ed25519-sha256");
        };
    }
}
