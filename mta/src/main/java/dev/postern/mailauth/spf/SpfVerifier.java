package dev.postern.mailauth.spf;

import dev.postern.dns.Resolver;
import dev.postern.smtp.Host;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.NullPath;
import java.time.InstantSource;

/// Checks whether clients may send in the name of the domains that they claim: the function
/// check_host() of the standard. May be shared by all threads if the resolver may.
///
/// @spec https://www.rfc-editor.org/rfc/rfc7208 RFC 7208
public final class SpfVerifier {
    /// How many questions one check asks at most, whatever DNS answers: one for the record, each of
    /// ten terms one and ten for its exchangers, one for the client's names and ten to validate
    /// them, one for the explanation.
    public static final int MOST_QUESTIONS = 123;

    private static final String POSTMASTER = "postmaster";

    private final Resolver resolver;
    private final SpfSettings settings;
    private final InstantSource time;

    /// @param time for the macro `%{t}`, and to end a check that takes too long
    public SpfVerifier(Resolver resolver, SpfSettings settings, InstantSource time) {
        this.resolver = resolver;
        this.settings = settings;
        this.time = time;
    }

    /// Checks the name in HELO; a fail there is reason enough to refuse (RFC 7208 §2.3).
    public SpfResult checkHelo(SpfQuery query) {
        return check(SpfIdentity.HELO, query, Sender.at(POSTMASTER, query.helo()));
    }

    /// Checks the reverse-path, or for the null path the postmaster at the name in HELO (RFC 7208
    /// §2.4).
    public SpfResult checkMailFrom(SpfQuery query) {
        Sender sender = switch (query.sender()) {
            case NullPath _ -> Sender.at(POSTMASTER, query.helo());
            case Mailbox mailbox -> Sender.at(mailbox.localPart().value(), domain(mailbox.host()));
        };
        return check(SpfIdentity.MAIL_FROM, query, sender);
    }

    /// An address literal is malformed as a domain (RFC 7208 §4.3), and its brackets keep it so.
    private static String domain(Host host) {
        return switch (host) {
            case Host.Domain domain -> domain.name().text();
            case Host.AddressLiteral literal -> literal.toString();
        };
    }

    private SpfResult check(SpfIdentity identity, SpfQuery query, Sender sender) {
        Evaluation evaluation =
                new Evaluation(new LimitedResolver(resolver, time, settings.time()), settings, query, sender);
        SpfResult.Finding finding = evaluation.find();
        return new SpfResult(
                identity,
                Printable.of(sender.domain(), SpfResult.LONGEST_TEXT),
                finding,
                evaluation.lookUps(),
                evaluation.voidLookUps());
    }
}
