package dev.postern.mailauth.arc;

import dev.postern.mailauth.TagList;
import dev.postern.mailauth.dkim.SignatureFault;
import dev.postern.mailauth.dkim.SignatureTags;
import dev.postern.mailauth.dkim.SignerName;
import dev.postern.message.HeaderField;

/// A seal over all sets up to its own.
///
/// @rfc 8617 §4.1.3
final class ArcSeal {
    private final SignerName signer;
    private final ArcStatus status;
    private final byte[] signature;

    private ArcSeal(SignerName signer, ArcStatus status, byte[] signature) {
        this.signer = signer;
        this.status = status;
        this.signature = signature;
    }

    /// The seal that a field is.
    ///
    /// @throws SignatureFault if it is none
    static ArcSeal parse(HeaderField field) throws SignatureFault {
        TagList tags = SignatureTags.of(field);
        if (tags.value("h").isPresent()) {
            throw SignatureFault.syntax("a seal has no h=");
        }
        return new ArcSeal(SignerName.of(tags), status(tags), SignatureTags.base64(tags, "b"));
    }

    /// What a seal says of the chain that its server received.
    static ArcStatus status(TagList tags) throws SignatureFault {
        return ArcStatus.parse(SignatureTags.needed(tags, "cv"))
                .orElseThrow(() -> SignatureFault.syntax("cv= is neither none nor pass nor fail"));
    }

    SignerName signer() {
        return signer;
    }

    /// `cv=`
    ArcStatus status() {
        return status;
    }

    byte[] signature() {
        return signature.clone();
    }
}
