package dev.postern.smtpserver;

import dev.postern.sasl.SaslMechanism;
import dev.postern.smtp.Extension;
import dev.postern.smtp.Reply;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// What the reply to EHLO and LHLO announces (RFC 5321 §4.1.1.1).
final class Announcement {
    /// What every client may use at any time.
    private static final Set<Extension> ALWAYS = Set.copyOf(EnumSet.of(
            Extension.PIPELINING,
            Extension.SIZE,
            Extension.EIGHT_BIT_MIME,
            Extension.SMTPUTF8,
            Extension.CHUNKING,
            Extension.DSN,
            Extension.ENHANCED_STATUS_CODES));

    private Announcement() {}

    /// The extensions that are offered now.
    ///
    /// @param tls whether STARTTLS is possible now
    /// @param login whether AUTH is possible now
    static Set<Extension> extensions(boolean tls, boolean login) {
        EnumSet<Extension> offered = EnumSet.copyOf(ALWAYS);
        if (tls) {
            offered.add(Extension.STARTTLS);
        }
        if (login) {
            offered.add(Extension.AUTH);
        }
        return offered;
    }

    /// The reply: our name, then one line for each extension in the order of the enum.
    static Reply of(ServerSessionSettings settings, Set<Extension> offered, List<SaslMechanism> mechanisms) {
        List<String> lines = new ArrayList<>();
        lines.add(settings.hostname().text());
        for (Extension extension : Extension.values()) {
            if (offered.contains(extension)) {
                lines.add(line(extension, settings, mechanisms));
            }
        }
        return new Reply(250, java.util.Optional.empty(), lines);
    }

    private static String line(Extension extension, ServerSessionSettings settings, List<SaslMechanism> mechanisms) {
        return switch (extension) {
            case SIZE -> "SIZE " + settings.limits().messageOctets();
            case AUTH -> "AUTH " + mechanisms.stream().map(SaslMechanism::name).collect(Collectors.joining(" "));
            case PIPELINING,
                    EIGHT_BIT_MIME,
                    SMTPUTF8,
                    CHUNKING,
                    BINARY_MIME,
                    DSN,
                    ENHANCED_STATUS_CODES,
                    STARTTLS,
                    REQUIRETLS,
                    LIMITS,
                    FUTURERELEASE,
                    DELIVERBY,
                    MT_PRIORITY -> extension.keyword();
        };
    }
}
