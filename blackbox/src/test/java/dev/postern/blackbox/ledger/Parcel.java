package dev.postern.blackbox.ledger;

/// What a 250 promises: one letter for one recipient.
///
/// @param letter the letter's number
/// @param recipient an address in lower case
record Parcel(long letter, String recipient) {
    /// What all recipients of one delivery share.
    String domain() {
        return recipient.substring(recipient.lastIndexOf('@') + 1);
    }
}
