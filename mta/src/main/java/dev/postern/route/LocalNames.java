package dev.postern.route;

import dev.postern.smtp.LocalPart;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;

/// Local parts in our own domains, where upper and lower case are the same, as RFC 5321 §2.4 leaves to us.
final class LocalNames {
    private LocalNames() {}

    /// The one form that stands for all spellings of a name: lower case, Unicode form C; empty if that is no local
    /// part.
    static Optional<String> canonical(String local) {
        String form = Normalizer.normalize(
                Normalizer.normalize(local, Normalizer.Form.NFC).toLowerCase(Locale.ROOT), Normalizer.Form.NFC);
        int octets = form.getBytes(StandardCharsets.UTF_8).length;
        return octets == 0 || octets > LocalPart.MAX_OCTETS ? Optional.empty() : Optional.of(form);
    }
}
