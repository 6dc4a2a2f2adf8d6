package dev.postern.mailauth.dkim;

import dev.postern.dns.DomainName;
import dev.postern.mailauth.TagList;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Who signed, and by which key.
///
/// @param domain `d=`
/// @param selector `s=`, which tells the keys of the domain apart
/// @param algorithm `a=`
public record SignerName(DomainName domain, DomainName selector, DkimAlgorithm algorithm) {
    private static final String KEYS = "._domainkey.";

    /// @throws IllegalArgumentException if selector and domain are too long to be one name
    public SignerName {
        if (DomainName.parse(selector + KEYS + domain).isEmpty()) {
            throw new IllegalArgumentException(selector + KEYS + domain + " is no name");
        }
    }

    /// The name that holds the record of the key (RFC 6376 §3.6.2.1).
    public DomainName keyName() {
        return DomainName.of(selector + KEYS + domain);
    }

    /// The signer that the tags of a signature or seal name.
    ///
    /// @throws SignatureFault if they name none, or an algorithm that we do not use
    public static SignerName of(TagList tags) throws SignatureFault {
        DomainName domain = name(tags, "d");
        DomainName selector = name(tags, "s");
        String algorithm = SignatureTags.needed(tags, "a");
        if (algorithm.equalsIgnoreCase("rsa-sha1")) {
            throw SignatureFault.permanent("a=rsa-sha1 proves nothing any more (RFC 8301)");
        }
        DkimAlgorithm known = DkimAlgorithm.parse(algorithm)
                .orElseThrow(() -> SignatureFault.syntax("a= names no algorithm that we know"));
        if (DomainName.parse(selector + KEYS + domain).isEmpty()) {
            throw SignatureFault.syntax("s= and d= are too long to be one name");
        }
        return new SignerName(domain, selector, known);
    }

    private static DomainName name(TagList tags, String tag) throws SignatureFault {
        String text = SignatureTags.needed(tags, tag);
        return domain(text).orElseThrow(() -> SignatureFault.syntax(tag + "= is no domain name"));
    }

    /// The domain name that octets are, which may be UTF-8 (RFC 8616 §5).
    static Optional<DomainName> domain(String latin1) {
        try {
            byte[] octets = latin1.getBytes(StandardCharsets.ISO_8859_1);
            return DomainName.parse(StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(octets))
                            .toString())
                    .filter(name -> !latin1.endsWith("."));
        } catch (CharacterCodingException notUtf8) {
            return Optional.empty(); // octets that are no text are no name either
        }
    }
}
