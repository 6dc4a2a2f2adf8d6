package dev.postern.smtpclient;

import dev.postern.crypto.CertificateNames;
import dev.postern.wire.PeerCheck;
import dev.postern.wire.TlsState;
import java.util.Locale;
import java.util.Optional;

/// How a session is encrypted, in words for the operator; each is empty in the clear.
///
/// @param tls protocol and cipher
/// @param tlsGroup the group of the key exchange; empty where nobody tells
/// @param certificate the host names that the server's certificate is for, the first three of them
/// @param proof what the certificate proves, or why it does not
public record Encryption(String tls, String tlsGroup, String certificate, String proof) {
    private static final Encryption NONE = new Encryption("", "", "", "");

    /// None.
    public static Encryption none() {
        return NONE;
    }

    /// That of a session; all empty in the clear.
    public static Encryption of(Optional<TlsState> state) {
        return state.map(tls -> new Encryption(
                        tls.protocol() + " " + tls.cipher(),
                        tls.group().orElse(""),
                        tls.peerChain().stream()
                                .findFirst()
                                .map(own -> CertificateNames.orCommonName(own).toString())
                                .orElse(""),
                        words(tls.peer())))
                .orElse(NONE);
    }

    /// The same where the certificate was looked at once more, by another check.
    public Encryption with(PeerCheck found) {
        return new Encryption(tls, tlsGroup, certificate, words(found));
    }

    /// What a check found: `proven dane-ee 3 1 1`, `unproven, expired: the certificate expired at …`, `not looked`.
    public static String words(PeerCheck check) {
        return switch (check) {
            case PeerCheck.NotLooked _ -> "not looked";
            case PeerCheck.Proven(String how) -> "proven " + how;
            case PeerCheck.Unproven(PeerCheck.Fault fault, String why) ->
                "unproven, " + fault.name().toLowerCase(Locale.ROOT).replace('_', '-') + ": " + why;
        };
    }
}
