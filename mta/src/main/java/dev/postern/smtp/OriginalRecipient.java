package dev.postern.smtp;

/// The address the sender first named: ORCPT of RFC 3461 §4.2.
///
/// @param addressType such as `rfc822` or `utf-8`, an atom
/// @param address the address, xtext or utf-8-addr-xtext undone, no control characters
public record OriginalRecipient(String addressType, String address) {
    /// @throws IllegalArgumentException if one is empty or holds a control character
    public OriginalRecipient {
        if (addressType.isEmpty()
                || address.isEmpty()
                || !addressType.chars().allMatch(c -> c > ' ' && c < 127 && c != ';')
                || address.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("not an original recipient");
        }
    }

    /// As it stands in a report: `rfc822;alice@example.org`.
    @Override
    public String toString() {
        return addressType + ";" + address;
    }
}
