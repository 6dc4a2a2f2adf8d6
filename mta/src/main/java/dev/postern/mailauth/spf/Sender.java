package dev.postern.mailauth.spf;

import dev.postern.dns.DomainName;

/// The mailbox that is checked.
///
/// @param localPart as meant, without quotes
/// @param domain a domain name in its canonical form, or whatever else was said
record Sender(String localPart, String domain) {
    /// The sender at what a client said.
    static Sender at(String localPart, String said) {
        return new Sender(localPart, canonical(said));
    }

    /// A domain name in its canonical form; what is none as it is.
    static String canonical(String said) {
        return DomainName.parse(said).map(DomainName::text).orElse(said);
    }

    @Override
    public String toString() {
        return localPart + "@" + domain;
    }
}
