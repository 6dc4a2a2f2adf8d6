package dev.postern.srs;

import dev.postern.dns.DomainName;
import dev.postern.smtp.LocalPart;
import java.util.Optional;

/// What the local part of a rewritten address says; whether it is true is another question.
///
/// ```
/// form    = srs0 / srs1
/// srs0    = "SRS0" rest0
/// srs1    = "SRS1" sep hash "=" domain "=" rest0any
/// rest0   = sep hash "=" stamp "=" domain "=" local
/// rest0any = sep *CHAR          ; what followed SRS0 at the first forwarder, whatever its form
/// sep     = "=" / "+" / "-"
/// hash    = 1*CHAR              ; no "="
/// stamp   = 2CHAR               ; no "="
/// ```
///
/// The words SRS0 and SRS1 are read in any case.
sealed interface SrsForm {
    /// How an address begins that stands for a sender.
    String FIRST = "SRS0";

    /// How an address begins that stands for another forwarder's SRS0 address.
    String FURTHER = "SRS1";

    /// What divides the parts, and what we write behind the first word.
    char DIVIDER = '=';

    /// What others may write behind the first word.
    String SEPARATORS = "=+-";

    /// Hash, stamp, domain, local part.
    int PARTS = 4;

    /// Made by the first forwarder.
    ///
    /// @param hash what it claims to be signed with
    /// @param stamp the day
    /// @param local the sender's local part, as it was
    record First(String hash, String stamp, DomainName domain, LocalPart local) implements SrsForm {
        /// The local part.
        String text() {
            return FIRST + DIVIDER + hash + DIVIDER + stamp + DIVIDER + domain + DIVIDER + local.value();
        }
    }

    /// Made by a forwarder further on.
    ///
    /// @param forwarder the first forwarder
    /// @param rest what stood behind `SRS0` there, its separator included
    record Further(String hash, DomainName forwarder, String rest) implements SrsForm {
        /// The local part.
        String text() {
            return FURTHER + DIVIDER + hash + DIVIDER + forwarder + DIVIDER + rest;
        }
    }

    /// Whether a local part begins as one of the scheme's: `SRS0` or `SRS1` and a separator.
    static boolean isTagged(String local) {
        return isTagged(local, FIRST) || isTagged(local, FURTHER);
    }

    /// Whether a local part begins with one of the two words and a separator.
    static boolean isTagged(String local, String word) {
        return local.length() > word.length()
                && Letters.small(local.substring(0, word.length())).equals(Letters.small(word))
                && SEPARATORS.indexOf(local.charAt(word.length())) >= 0;
    }

    /// The form of a local part; empty if it has none.
    static Optional<SrsForm> parse(String local) {
        if (!isTagged(local)) {
            return Optional.empty();
        }
        String parts = local.substring(FIRST.length() + 1);
        return isTagged(local, FIRST) ? first(parts) : further(parts);
    }

    private static Optional<SrsForm> first(String text) {
        String[] parts = text.split("=", PARTS);
        if (parts.length < PARTS || parts[0].isEmpty() || parts[3].isEmpty()) {
            return Optional.empty();
        }
        return DomainName.parse(parts[2]).map(domain -> new First(parts[0], parts[1], domain, new LocalPart(parts[3])));
    }

    private static Optional<SrsForm> further(String text) {
        String[] parts = text.split("=", PARTS - 1);
        if (parts.length < PARTS - 1
                || parts[0].isEmpty()
                || parts[2].isEmpty()
                || SEPARATORS.indexOf(parts[2].charAt(0)) < 0) {
            return Optional.empty();
        }
        return DomainName.parse(parts[1]).map(forwarder -> new Further(parts[0], forwarder, parts[2]));
    }
}
