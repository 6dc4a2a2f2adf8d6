package dev.postern.smtpserver;

import dev.postern.sasl.SaslMechanism;
import dev.postern.smtp.ClientAttributes;
import dev.postern.smtp.Extension;
import dev.postern.smtp.Reply;
import java.time.Instant;
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
            Extension.BINARY_MIME,
            Extension.DSN,
            Extension.ENHANCED_STATUS_CODES,
            Extension.LIMITS));

    /// The largest number that LIMITS can name (RFC 9422 §4.1).
    private static final int LARGEST_LIMIT = 999_999;

    /// How far a connection is with TLS.
    enum Encryption {
        /// It has none, and none can be had.
        IMPOSSIBLE,
        /// STARTTLS is possible now.
        POSSIBLE,
        /// It is encrypted, so that mail may ask to stay so (RFC 8689 §2).
        ON
    }

    private Announcement() {}

    /// The extensions that are offered now.
    ///
    /// @param login whether AUTH is possible now
    /// @param granted what this client alone is offered
    static Set<Extension> extensions(
            ServerSessionSettings settings, Encryption encryption, boolean login, Set<Extension> granted) {
        EnumSet<Extension> offered = EnumSet.copyOf(ALWAYS);
        offered.addAll(settings.handling().extensions());
        offered.addAll(granted);
        switch (encryption) {
            case IMPOSSIBLE -> {}
            case POSSIBLE -> offered.add(Extension.STARTTLS);
            case ON -> offered.add(Extension.REQUIRETLS);
        }
        if (login) {
            offered.add(Extension.AUTH);
        }
        return offered;
    }

    /// The reply: our name, then one line for each extension in the order of the enum.
    static Reply of(
            ServerSessionSettings settings, Set<Extension> offered, List<SaslMechanism> mechanisms, Instant now) {
        List<String> lines = new ArrayList<>();
        lines.add(settings.hostname().text());
        for (Extension extension : Extension.values()) {
            if (offered.contains(extension)) {
                lines.add(line(extension, settings, mechanisms, now));
            }
        }
        return new Reply(250, java.util.Optional.empty(), lines);
    }

    private static String line(
            Extension extension, ServerSessionSettings settings, List<SaslMechanism> mechanisms, Instant now) {
        return switch (extension) {
            case SIZE -> "SIZE " + settings.limits().messageOctets();
            case LIMITS -> limits(settings.limits());
            case AUTH -> "AUTH " + mechanisms.stream().map(SaslMechanism::name).collect(Collectors.joining(" "));
            case FUTURERELEASE -> settings.handling().futureRelease(now);
            case DELIVERBY -> settings.handling().deliverBy();
            case PIPELINING,
                    EIGHT_BIT_MIME,
                    SMTPUTF8,
                    CHUNKING,
                    BINARY_MIME,
                    DSN,
                    ENHANCED_STATUS_CODES,
                    STARTTLS,
                    REQUIRETLS,
                    MT_PRIORITY,
                    ETRN -> extension.keyword();
            case XCLIENT -> "XCLIENT " + ClientAttributes.namesOfXClient();
            case XFORWARD -> "XFORWARD " + ClientAttributes.namesOfXForward();
        };
    }

    /// What a session may ask for (RFC 9422 §3); a limit beyond what can be named is named as the largest.
    private static String limits(SessionLimits limits) {
        return "LIMITS MAILMAX=" + Math.min(limits.transactions(), LARGEST_LIMIT) + " RCPTMAX="
                + Math.min(limits.recipients(), LARGEST_LIMIT);
    }
}
