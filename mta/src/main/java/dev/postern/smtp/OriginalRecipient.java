package dev.postern.smtp;

import java.util.Optional;

/// The address the sender first named: ORCPT of RFC 3461 §4.2.
///
/// @param addressType such as `rfc822` or `utf-8`, an atom
/// @param address the address, xtext or utf-8-addr-xtext undone, no control characters
public record OriginalRecipient(String addressType, String address) {
    /// The type of international addresses (RFC 6533 §3).
    static final String UTF_8 = "utf-8";

    private static final String RFC_822 = "rfc822";

    /// @throws IllegalArgumentException if the type is no atom, or the address is empty or holds a
    ///     control character
    public OriginalRecipient {
        if (!isAtom(addressType) || !isPrintable(address)) {
            throw new IllegalArgumentException("not an original recipient");
        }
    }

    /// The original recipient of both, empty if they make none.
    static Optional<OriginalRecipient> of(String addressType, String address) {
        return isAtom(addressType) && isPrintable(address)
                ? Optional.of(new OriginalRecipient(addressType, address))
                : Optional.empty();
    }

    /// The original recipient that an address is: of type `rfc822`, or `utf-8` where it is
    /// international.
    public static OriginalRecipient of(Mailbox mailbox) {
        return new OriginalRecipient(mailbox.isInternational() ? UTF_8 : RFC_822, mailbox.toString());
    }

    private static boolean isAtom(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c < 0x80 && LocalPart.isAtext((char) c));
    }

    private static boolean isPrintable(String text) {
        return !text.isEmpty() && !Text.hasControl(text) && !Text.hasLoneSurrogate(text);
    }

    /// As it stands in a report: `rfc822;alice@example.org`.
    @Override
    public String toString() {
        return addressType + ";" + address;
    }
}
