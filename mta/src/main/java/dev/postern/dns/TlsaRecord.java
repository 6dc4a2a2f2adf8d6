package dev.postern.dns;

import java.util.HexFormat;

/// A TLSA record (RFC 6698 §2.1): how a server's certificate can be known.
///
/// @param usage certificate usage, 0 to 255
/// @param selector 0 full certificate, 1 public key, others unusable
/// @param matching 0 exact, 1 SHA-256, 2 SHA-512, others unusable
/// @param associationHex the association data in lower-case hexadecimal
public record TlsaRecord(int usage, int selector, int matching, String associationHex) {
    /// @throws IllegalArgumentException if the association is not hexadecimal
    public TlsaRecord {
        associationHex = HexFormat.of().formatHex(HexFormat.of().parseHex(associationHex));
    }

    /// The numbers before the association, such as `3 1 1`.
    public String numbers() {
        return usage + " " + selector + " " + matching;
    }

    /// What it holds in a line, as a master file has it (RFC 6698 §2.2).
    public String text() {
        return numbers() + " " + associationHex;
    }
}
