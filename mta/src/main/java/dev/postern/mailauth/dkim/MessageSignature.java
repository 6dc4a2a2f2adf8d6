package dev.postern.mailauth.dkim;

import dev.postern.dns.DomainName;
import dev.postern.mailauth.TagList;
import dev.postern.message.HeaderField;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/// A signature over header fields and a body, as DKIM-Signature and ARC-Message-Signature write it.
///
/// @rfc 6376 §3.5
public final class MessageSignature {
    private static final int HASH_OCTETS = 32;

    private final HeaderField field;
    private final SignerName signer;
    private final DomainName identityDomain;
    private final Canonicalization headerForm;
    private final Canonicalization bodyForm;
    private final List<String> names;
    private final OptionalLong length;
    private final OptionalLong made;
    private final OptionalLong expires;
    private final byte[] signature;
    private final byte[] bodyHash;

    private MessageSignature(HeaderField field, TagList tags, SignerName signer, DomainName identityDomain)
            throws SignatureFault {
        this.field = field;
        this.signer = signer;
        this.identityDomain = identityDomain;
        this.signature = SignatureTags.base64(tags, "b");
        this.bodyHash = SignatureTags.base64(tags, "bh");
        if (bodyHash.length != HASH_OCTETS) {
            throw SignatureFault.syntax("bh= is no SHA-256");
        }
        String[] forms = tags.compact("c").orElse("simple").split("/", -1);
        if (forms.length > 2) {
            throw SignatureFault.syntax("c= names no canonicalization");
        }
        this.headerForm = form(forms[0]);
        this.bodyForm = forms.length == 1 ? Canonicalization.SIMPLE : form(forms[1]);
        this.names = names(SignatureTags.needed(tags, "h"));
        this.length = SignatureTags.length(tags, "l");
        this.made = SignatureTags.time(tags, "t");
        this.expires = SignatureTags.time(tags, "x");
        checkQuery(tags);
        if (!names.contains("from")) {
            throw SignatureFault.permanent("h= leaves From unsigned");
        }
        if (made.isPresent() && expires.isPresent() && expires.getAsLong() <= made.getAsLong()) {
            throw SignatureFault.permanent("it expires (x=) before it is made (t=)");
        }
    }

    /// The signature that a DKIM-Signature field is.
    ///
    /// @param tags those of the field
    /// @throws SignatureFault if it is none, or none that can be right
    static MessageSignature dkim(HeaderField field, TagList tags) throws SignatureFault {
        if (!SignatureTags.needed(tags, "v").equals("1")) {
            throw SignatureFault.syntax("v= is not 1");
        }
        SignerName signer = SignerName.of(tags);
        return new MessageSignature(field, tags, signer, identityDomain(tags, signer.domain()));
    }

    /// The signature that an ARC-Message-Signature field is; its `i=` is not looked at.
    ///
    /// @throws SignatureFault if it is none, or none that can be right
    /// @rfc 8617 §4.1.2
    public static MessageSignature arc(HeaderField field) throws SignatureFault {
        TagList tags = SignatureTags.of(field);
        SignerName signer = SignerName.of(tags);
        return new MessageSignature(field, tags, signer, signer.domain());
    }

    private static Canonicalization form(String text) throws SignatureFault {
        return Canonicalization.parse(text).orElseThrow(() -> SignatureFault.syntax("c= names no canonicalization"));
    }

    /// ```
    /// sig-h-tag = %x68 [FWS] "=" [FWS] hdr-name *( [FWS] ":" [FWS] hdr-name )
    /// ```
    private static List<String> names(String text) throws SignatureFault {
        List<String> names = new ArrayList<>();
        for (String name : text.split(":", -1)) {
            if (name.isEmpty() || !name.chars().allMatch(c -> c > ' ' && c < 127)) {
                throw SignatureFault.syntax("h= is no list of names");
            }
            names.add(name.toLowerCase(Locale.ROOT));
        }
        return List.copyOf(names);
    }

    private static void checkQuery(TagList tags) throws SignatureFault {
        String methods = tags.compact("q").orElse("dns/txt");
        for (String method : methods.split(":", -1)) {
            if (method.equalsIgnoreCase("dns/txt")) {
                return;
            }
        }
        throw SignatureFault.syntax("q= names no way to the key that we know");
    }

    /// The domain of `i=`, that of `d=` where there is none.
    ///
    /// @throws SignatureFault if it is no domain, or lies outside of `d=`
    private static DomainName identityDomain(TagList tags, DomainName signer) throws SignatureFault {
        Optional<String> identity = tags.compact("i");
        if (identity.isEmpty()) {
            return signer;
        }
        String text = identity.get();
        int at = text.lastIndexOf('@');
        if (at < 0) {
            throw SignatureFault.syntax("i= has no @");
        }
        DomainName domain =
                SignerName.domain(text.substring(at + 1)).orElseThrow(() -> SignatureFault.syntax("i= is no identity"));
        if (!domain.isWithin(signer)) {
            throw SignatureFault.permanent("i= speaks for " + domain + ", which is not within " + signer);
        }
        return domain;
    }

    /// The field itself.
    public HeaderField field() {
        return field;
    }

    /// Who signed.
    public SignerName signer() {
        return signer;
    }

    /// The domain on whose behalf it is: that of `i=`.
    DomainName identityDomain() {
        return identityDomain;
    }

    /// Asks for the hash of what is signed of the body.
    public BodyHash request(BodyHashes hashes) {
        return hashes.request(bodyForm, length);
    }

    /// Whether this is the hash of the body that was signed.
    public boolean covers(BodyHash body) {
        return body.is(bodyHash);
    }

    /// The octets of the header that are signed: the fields named in `h=`, then this field without
    /// its signature.
    ///
    /// @rfc 6376 §3.7
    public byte[] signedOctets(SignedFields fields) {
        return fields.octets(names, field, headerForm);
    }

    /// The names of the signed fields, in lower case.
    public List<String> names() {
        return names;
    }

    /// Checks that a signature holds now (`x=`), and was not made in the future (`t=`).
    ///
    /// @param skew how wrong the clock of the signer may be
    /// @throws SignatureFault if it does not hold
    public void checkTimes(Instant now, Duration skew) throws SignatureFault {
        if (expires.isPresent() && expires.getAsLong() + skew.toSeconds() < now.getEpochSecond()) {
            throw SignatureFault.permanent("the signature expired at " + Instant.ofEpochSecond(expires.getAsLong()));
        }
        if (made.isPresent() && made.getAsLong() - skew.toSeconds() > now.getEpochSecond()) {
            throw SignatureFault.permanent("the signature will be made at " + Instant.ofEpochSecond(made.getAsLong()));
        }
    }

    /// What `b=` holds.
    public byte[] signature() {
        return signature.clone();
    }
}
