package dev.postern.mailauth.spf;

/// The mailbox that is checked.
///
/// @param localPart as meant, without quotes
/// @param domain whatever was said; it may be no domain name
record Sender(String localPart, String domain) {
    @Override
    public String toString() {
        return localPart + "@" + domain;
    }
}
