package dev.postern.mailauth.arc;

import dev.postern.mailauth.dkim.Canonicalization;
import dev.postern.mailauth.dkim.SignedFields;
import dev.postern.message.HeaderField;

/// The three fields of one instance.
///
/// @rfc 8617 §4.2
record ArcSet(HeaderField results, HeaderField signature, HeaderField seal) {
    static final String RESULTS = "ARC-Authentication-Results";
    static final String SIGNATURE = "ARC-Message-Signature";
    static final String SEAL = "ARC-Seal";

    /// The set in the canonical form in which it is sealed by the sets behind it.
    String canonical() {
        return beforeSeal() + Canonicalization.RELAXED.header(seal) + "\r\n";
    }

    /// The set in the canonical form in which its own seal seals it.
    ///
    /// @rfc 8617 §5.1.1
    String sealed() {
        return beforeSeal()
                + Canonicalization.RELAXED.header(HeaderField.of(SignedFields.withoutSignature(seal.text())));
    }

    private String beforeSeal() {
        return Canonicalization.RELAXED.header(results) + "\r\n" + Canonicalization.RELAXED.header(signature) + "\r\n";
    }

    /// What stands behind the instance in ARC-Authentication-Results.
    String resultsText() {
        String body = results.body();
        return body.substring(body.indexOf(';') + 1).strip();
    }
}
