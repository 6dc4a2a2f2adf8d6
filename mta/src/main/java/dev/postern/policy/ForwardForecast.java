package dev.postern.policy;

import dev.postern.dns.DomainName;
import dev.postern.mailauth.dkim.DkimResult;
import dev.postern.mailauth.dmarc.AuthenticatedDomain;
import dev.postern.mailauth.dmarc.AuthenticatedDomain.Mechanism;
import dev.postern.mailauth.dmarc.DmarcEvaluation;
import dev.postern.mailauth.dmarc.DmarcOutcome;
import dev.postern.mailauth.dmarc.DmarcPolicy;
import dev.postern.mailauth.dmarc.DmarcResult;
import dev.postern.mailauth.dmarc.PublishedPolicy;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// What DMARC will come to at the next hop when a message from elsewhere is forwarded as it is: what its signatures are
/// worth there is what they are worth here, and SPF will be asked about us.
///
/// It is told from what DNS said here; nothing is asked again.
public sealed interface ForwardForecast {
    /// What we put on top of every message that goes on; a signature that covers one more of these does not outlive it.
    List<String> ADDED = List.of(
            "received", "authentication-results", "arc-seal", "arc-message-signature", "arc-authentication-results");

    /// Something aligned with the author will vouch there.
    ///
    /// @param by the first that will
    record Passes(AuthenticatedDomain by, String why) implements ForwardForecast {}

    /// Nothing will, and the author's domain asks for nothing, or for nothing that we know of.
    record Unprotected(String why) implements ForwardForecast {}

    /// Nothing will, and the author's domain asks to look at such mail with suspicion.
    record Quarantined(DomainName author, String why) implements ForwardForecast {}

    /// Nothing will, and the author's domain asks to refuse such mail.
    record Refused(DomainName author, String why) implements ForwardForecast {}

    /// A sentence for the operator.
    String why();

    /// What will be done there: `pass`, or what the author's domain asks for: `none`, `quarantine`, `reject`.
    default String word() {
        return switch (this) {
            case Passes _ -> "pass";
            case Unprotected _ -> "none";
            case Quarantined _ -> "quarantine";
            case Refused _ -> "reject";
        };
    }

    /// How bad it is; 0 is good.
    private int gravity() {
        return switch (this) {
            case Passes _ -> 0;
            case Unprotected _ -> 1;
            case Quarantined _ -> 2;
            case Refused _ -> 3;
        };
    }

    /// The forecast for a message; where it has several authors, that of the one whose case is the gravest.
    ///
    /// @param sender the domain that SPF will be asked about at the next hop, where we may send for it; empty
    ///     where we may not, or nobody is the sender
    static ForwardForecast of(AuthenticationReport report, Optional<DomainName> sender) {
        DmarcResult dmarc = report.dmarc();
        return dmarc.evaluations().stream()
                .map(author -> of(author, report.dkim().each(), sender))
                .max(Comparator.comparingInt(ForwardForecast::gravity))
                .orElseGet(() -> new Unprotected("DMARC does not apply: " + dmarc.why()));
    }

    private static ForwardForecast of(
            DmarcEvaluation evaluation, List<DkimResult> signatures, Optional<DomainName> sender) {
        DomainName author = evaluation.author();
        Optional<DkimResult> surviving = signatures.stream()
                .filter(one -> isAligned(one, evaluation)
                        && one.vouches()
                        && closedTo(one).isEmpty())
                .findFirst();
        if (surviving.isPresent()) {
            DomainName signer = surviving.get().claim().domain().orElseThrow();
            return new Passes(
                    new AuthenticatedDomain(signer, Mechanism.DKIM),
                    "the signature of " + signer + " will vouch for " + author);
        }
        if (sender.equals(Optional.of(author))) {
            return new Passes(
                    new AuthenticatedDomain(author, Mechanism.SPF),
                    "the author is in the domain that the mail goes on from, so that SPF will vouch for " + author);
        }
        if (evaluation.outcome() == DmarcOutcome.TEMPERROR) {
            return new Unprotected(
                    "what " + author + " asks for, or who vouches for it, cannot be told now: " + evaluation.why());
        }
        String why = lost(evaluation, signatures, sender);
        return switch (asked(evaluation)) {
            case NONE -> new Unprotected(why + "; " + author + " does not ask for anything");
            case QUARANTINE -> new Quarantined(author, why + "; " + author + " asks to quarantine such mail");
            case REJECT -> new Refused(author, why + "; " + author + " asks to refuse such mail");
        };
    }

    private static boolean isAligned(DkimResult signature, DmarcEvaluation evaluation) {
        return evaluation.aligned().stream()
                .anyMatch(one -> one.mechanism() == Mechanism.DKIM
                        && signature.claim().domain().equals(Optional.of(one.domain())));
    }

    /// The field that we add and that breaks a signature.
    private static Optional<String> closedTo(DkimResult signature) {
        return ADDED.stream().filter(name -> !signature.outlives(name)).findFirst();
    }

    private static DmarcPolicy asked(DmarcEvaluation evaluation) {
        return evaluation.outcome() == DmarcOutcome.FAIL
                ? evaluation.policy()
                : evaluation.published().map(PublishedPolicy::forFailure).orElse(DmarcPolicy.NONE);
    }

    /// Why nothing will vouch for the author.
    private static String lost(DmarcEvaluation evaluation, List<DkimResult> signatures, Optional<DomainName> sender) {
        String dkim = signatures.stream()
                .filter(one -> isAligned(one, evaluation) && one.vouches())
                .findFirst()
                .map(one -> "the signature of "
                        + one.claim().domain().orElseThrow() + " does not outlive a new "
                        + closedTo(one).orElseThrow() + " field")
                .orElse("no signature vouches for " + evaluation.author());
        return dkim + ", and SPF will tell of "
                + sender.map(DomainName::text).orElse("a domain that we may not send for");
    }
}
