package dev.postern.policy;

import dev.postern.dns.DomainName;
import dev.postern.mailauth.dkim.DkimOutcome;
import dev.postern.mailauth.dkim.DkimResult;
import dev.postern.mailauth.dmarc.DmarcEvaluation;
import dev.postern.mailauth.dmarc.DmarcPolicy;
import dev.postern.mailauth.iprev.IprevResult;
import dev.postern.mailauth.results.MethodResult;
import dev.postern.mailauth.spf.SpfOutcome;
import dev.postern.mailauth.spf.SpfResult;
import dev.postern.message.Author;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.NullPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Puts a report into the words of Authentication-Results, method by method.
///
/// @rfc 8601 §2.7
final class MethodResults {
    private final AuthenticationReport report;

    MethodResults(AuthenticationReport report) {
        this.report = report;
    }

    /// Every result.
    List<MethodResult> all() {
        List<MethodResult> results = new ArrayList<>();
        results.add(iprev(report.path().iprev()));
        if (report.path().helo().outcome() != SpfOutcome.NONE) {
            results.add(spf(report.path().helo())
                    .with("smtp", "helo", report.bearer().helo()));
        }
        results.add(mailFrom());
        if (report.dkim().each().isEmpty()) {
            results.add(MethodResult.of("dkim", DkimOutcome.NONE.word()));
        }
        report.dkim().each().forEach(signature -> results.add(dkim(signature)));
        results.add(MethodResult.of("arc", report.arc().status().word()));
        results.add(dmarc());
        return results;
    }

    private MethodResult iprev(IprevResult iprev) {
        MethodResult result = MethodResult.of("iprev", iprev.outcome().toString())
                .with("policy", "iprev", report.bearer().client().getHostAddress());
        return iprev.confirmed().map(name -> result.because(name.text())).orElse(result);
    }

    private static MethodResult spf(SpfResult spf) {
        MethodResult result = MethodResult.of("spf", spf.outcome().word());
        return spf.problem().map(result::because).orElse(result);
    }

    private MethodResult mailFrom() {
        MethodResult result = spf(report.path().mailFrom());
        return switch (report.bearer().sender()) {
            case Mailbox mailbox -> result.with("smtp", "mailfrom", mailbox.toString());
            case NullPath _ when report.bearer().helo().isEmpty() -> result;
            case NullPath _ ->
                result.with("smtp", "mailfrom", "postmaster@" + report.bearer().helo());
        };
    }

    private static MethodResult dkim(DkimResult signature) {
        boolean added = signature.passed() && !signature.vouches();
        DkimOutcome outcome = added ? DkimOutcome.POLICY : signature.outcome();
        MethodResult result = MethodResult.of("dkim", outcome.word());
        if (added) {
            result = result.because(signature.addition().orElse(""));
        } else if (!signature.passed()) {
            result = result.because(signature.why());
        }
        DkimResult.Claim claim = signature.claim();
        for (Property property : List.of(
                new Property("d", claim.domain().map(DomainName::text)),
                new Property("s", claim.selector().map(DomainName::text)),
                new Property("a", claim.algorithm()),
                new Property("b", claim.begin()))) {
            if (property.value().isPresent()) {
                result = result.with("header", property.name(), property.value().get());
            }
        }
        return result;
    }

    private record Property(String name, Optional<String> value) {}

    private MethodResult dmarc() {
        MethodResult result = MethodResult.of("dmarc", report.dmarc().outcome().toString());
        if (report.dmarc().policy() != DmarcPolicy.NONE) {
            result = result.with("policy", "dmarc", report.dmarc().policy().toString());
        }
        Optional<DomainName> author =
                report.dmarc().deciding().map(DmarcEvaluation::author).or(this::onlyAuthor);
        return author.isPresent() ? result.with("header", "from", author.get().text()) : result;
    }

    private Optional<DomainName> onlyAuthor() {
        return report.author() instanceof Author.Named named
                ? Optional.of(named.domains().getFirst())
                : Optional.empty();
    }
}
