package dev.postern.message;

import dev.postern.dns.DomainName;

/// A mailbox in a From field.
///
/// @param localPart as it is written, in quotes where it was; no control characters
/// @param domain in A-labels
public record AuthorMailbox(String localPart, DomainName domain) {
    @Override
    public String toString() {
        return localPart + "@" + domain;
    }
}
