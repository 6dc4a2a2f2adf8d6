package dev.postern.mailauth.dkim;

import dev.postern.dns.DomainName;
import dev.postern.mailauth.DnsEvidence;
import dev.postern.mailauth.TagList;
import java.util.List;
import java.util.Optional;

/// What became of one DKIM-Signature.
///
/// @param outcome the word for it
/// @param why a sentence for a human; of the text of the signature it holds domain names alone
/// @param claim what the signature says of itself
/// @param findings what was found
public record DkimResult(DkimOutcome outcome, String why, Claim claim, Findings findings) {
    private static final int BEGIN = 8;
    private static final int LONGEST_WORD = 320;

    /// What a signature says of itself, as far as it can be read.
    ///
    /// @param domain `d=`, who signed
    /// @param identity `i=`, on whose behalf, without white space: printable ASCII without `;` or
    ///     UTF-8, one char an octet; `@` and the domain where it does not say
    /// @param selector `s=`
    /// @param algorithm `a=`: letters, digits and hyphens
    /// @param begin the first eight characters of `b=`, by which RFC 6008 tells signatures apart
    public record Claim(
            Optional<DomainName> domain,
            Optional<String> identity,
            Optional<DomainName> selector,
            Optional<String> algorithm,
            Optional<String> begin) {
        /// Nothing that can be read.
        static Claim none() {
            return of(new TagList(java.util.Map.of()));
        }

        /// What can be read of tags.
        static Claim of(TagList tags) {
            Optional<DomainName> domain = tags.compact("d").flatMap(SignerName::domain);
            return new Claim(
                    domain,
                    tags.compact("i")
                            .filter(text -> text.indexOf('@') >= 0 && text.length() <= LONGEST_WORD)
                            .or(() ->
                                    tags.compact("i").isPresent() ? Optional.empty() : domain.map(name -> "@" + name)),
                    tags.compact("s").flatMap(SignerName::domain),
                    tags.compact("a")
                            .filter(text -> text.length() <= LONGEST_WORD
                                    && !text.isEmpty()
                                    && text.chars().allMatch(Claim::isWordChar)),
                    tags.compact("b")
                            .map(text -> text.substring(0, Math.min(BEGIN, text.length())))
                            .filter(text -> !text.isEmpty() && text.chars().allMatch(Claim::isBase64Char)));
        }

        private static boolean isWordChar(int c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
        }

        private static boolean isBase64Char(int c) {
            return (isWordChar(c) && c != '-') || c == '+' || c == '/' || c == '=';
        }
    }

    /// What was found while a signature was checked.
    ///
    /// @param key the key, if one was found
    /// @param coverage what of the message is signed
    /// @param evidence what DNS said; nothing where it was not asked
    public record Findings(KeyCheck.Key key, Coverage coverage, List<DnsEvidence> evidence) {
        /// Nothing was found, since nothing was looked for.
        static final Findings NONE = new Findings(KeyCheck.Key.NONE, Coverage.NOT_TOLD, List.of());

        public Findings {
            evidence = List.copyOf(evidence);
        }

        /// How many octets at the end of the body are not signed.
        public long unsignedOctets() {
            return coverage.unsignedOctets();
        }

        /// The names of fields of which more are there than are signed.
        public List<String> unsignedFields() {
            return coverage.unsignedFields();
        }
    }

    /// What of a message a signature leaves out, and what it forbids to be added.
    ///
    /// @param unsignedOctets how many octets at the end of the body `l=` leaves out: anybody may
    ///     have put them there
    /// @param unsignedFields names of fields, in lower case, of which a message may have only one
    ///     and has more than the signature covers: anybody may have put the others above it
    /// @param closedNames names of fields, in lower case, of which the signature covers more than
    ///     are there: one more on top breaks it
    public record Coverage(long unsignedOctets, List<String> unsignedFields, List<String> closedNames) {
        /// Nothing is known of it.
        static final Coverage NOT_TOLD = new Coverage(0, List.of(), List.of());

        public Coverage {
            unsignedFields = List.copyOf(unsignedFields);
            closedNames = List.copyOf(closedNames);
        }
    }

    static DkimResult of(SignatureFault fault, Claim claim) {
        return new DkimResult(fault.outcome(), fault.why(), claim, Findings.NONE);
    }

    /// Whether the signature is right.
    public boolean passed() {
        return outcome == DkimOutcome.PASS;
    }

    /// Whether the signature is right and nothing was added since that a reader would take for the
    /// signer's.
    ///
    /// @rfc 6376 §8.2
    /// @rfc 6376 §8.15
    public boolean vouches() {
        return passed() && addition().isEmpty();
    }

    /// What may have been added to the message since it was signed, in words.
    public Optional<String> addition() {
        if (findings.unsignedOctets() > 0) {
            return Optional.of(findings.unsignedOctets() + " octets at the end are not signed");
        }
        return findings.unsignedFields().stream()
                .findFirst()
                .map(name -> "there is a second " + name + " field, which is not signed");
    }

    /// Whether the signature still holds when a field of this name is put on top.
    ///
    /// @param name in lower case
    /// @rfc 6376 §5.4
    public boolean outlives(String name) {
        return !findings.coverage().closedNames().contains(name);
    }
}
