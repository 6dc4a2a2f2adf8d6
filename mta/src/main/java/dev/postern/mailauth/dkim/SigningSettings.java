package dev.postern.mailauth.dkim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Which fields signatures cover, and for how long they hold.
///
/// @param signed the names of the fields to sign where they are there, in lower case
/// @param oversigned those of them that are signed once more than they are there, so that nobody
///     can add one; From is among them
/// @param validity how long a signature holds (`x=`), above 0; empty for ever
public record SigningSettings(List<String> signed, Set<String> oversigned, Optional<Duration> validity) {
    private static final int MOST_OF_A_NAME = 50;

    private static final List<String> USUAL_OVERSIGNED = List.of(
            "from",
            "to",
            "cc",
            "subject",
            "date",
            "message-id",
            "reply-to",
            "mime-version",
            "content-type",
            "content-transfer-encoding");

    private static final List<String> USUAL_OTHERS = List.of(
            "sender",
            "in-reply-to",
            "references",
            "content-id",
            "content-description",
            "content-disposition",
            "resent-date",
            "resent-from",
            "resent-to",
            "resent-cc",
            "resent-message-id",
            "list-id",
            "list-help",
            "list-unsubscribe",
            "list-unsubscribe-post",
            "list-subscribe",
            "list-post",
            "list-owner",
            "list-archive",
            "feedback-id",
            "auto-submitted",
            "tls-required",
            "tls-report-domain",
            "tls-report-submitter",
            "autocrypt");

    /// @throws IllegalArgumentException if From is not oversigned, something is oversigned that is
    ///     not signed, a name is no name in lower case, or nothing holds at all
    public SigningSettings {
        signed = List.copyOf(signed);
        oversigned = Set.copyOf(oversigned);
        if (!oversigned.contains("from") || !new HashSet<>(signed).containsAll(oversigned)) {
            throw new IllegalArgumentException("From has to be oversigned, and what is oversigned has to be signed");
        }
        if (new HashSet<>(signed).size() != signed.size()
                || signed.contains("dkim-signature")
                || !signed.stream().allMatch(SigningSettings::isName)) {
            throw new IllegalArgumentException("not names of fields to sign: " + signed);
        }
        if (validity.isPresent() && validity.get().toSeconds() < 1) {
            throw new IllegalArgumentException("signatures that hold for " + validity.get());
        }
    }

    private static boolean isName(String name) {
        return !name.isEmpty()
                && name.equals(name.toLowerCase(Locale.ROOT))
                && name.chars().allMatch(c -> c > ' ' && c < 127 && c != ':' && c != ';');
    }

    /// What RFC 6376 §5.4.1 recommends, and what later RFCs and mail readers look at; for ever.
    public static SigningSettings usual() {
        List<String> signed = new ArrayList<>(USUAL_OVERSIGNED);
        signed.addAll(USUAL_OTHERS);
        return new SigningSettings(signed, Set.copyOf(USUAL_OVERSIGNED), Optional.empty());
    }

    /// The same, for signatures that expire.
    public SigningSettings expiring(Duration validity) {
        return new SigningSettings(signed, oversigned, Optional.of(validity));
    }

    /// The value of `h=` for a header: each name as often as it is signed. Of one name no more than
    /// fifty fields are signed, the lowest.
    public List<String> namesFor(SignedFields fields) {
        List<String> names = new ArrayList<>();
        for (String name : signed) {
            int times = Math.min(fields.count(name), MOST_OF_A_NAME) + (oversigned.contains(name) ? 1 : 0);
            for (int i = 0; i < times; i++) {
                names.add(name);
            }
        }
        return List.copyOf(names);
    }
}
