package dev.postern.app;

import dev.postern.dns.DomainName;
import dev.postern.mailauth.DnsEvidence;
import dev.postern.mailauth.dmarc.Authentications;
import dev.postern.mailauth.dmarc.DmarcEvaluation;
import dev.postern.mailauth.dmarc.DmarcOutcome;
import dev.postern.mailauth.dmarc.DmarcPolicy;
import dev.postern.mailauth.dmarc.DmarcRecord;
import dev.postern.mailauth.dmarc.DmarcResult;
import dev.postern.mailauth.dmarc.DmarcVerifier;
import dev.postern.mailauth.dmarc.PublishedPolicy;
import dev.postern.mailauth.dmarc.ReportConsent;
import dev.postern.mailauth.dmarc.ReportDestinations;
import dev.postern.mailauth.dmarc.ReportUri;
import dev.postern.message.Author;
import dev.postern.message.AuthorMailbox;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `postern dmarc`: the DMARC policy that holds for a domain, explained and criticised.
@Command(
        name = "dmarc",
        description = "Looks up what a domain asks for mail that is not proven to be from it (DMARC).",
        mixinStandardHelpOptions = true)
final class DmarcCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DOMAIN", description = "The domain of an author's address.")
    private String name = "";

    @Mixin
    private DnsOption dns = new DnsOption();

    @Option(names = "--json", description = "One JSON object.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        DomainName domain = DomainName.parse(name)
                .orElseThrow(() -> new Failure(2, "\"" + name + "\" is not a domain name such as example.org"));
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        try (DnsOption.Opened opened = dns.open()) {
            Author author = new Author.Named(List.of(new AuthorMailbox("postmaster", domain)));
            DmarcResult result = new DmarcVerifier(opened.resolver()).check(author, Authentications.NONE);
            if (result.outcome() == DmarcOutcome.TEMPERROR) {
                throw new Failure("DNS does not answer: " + result.why());
            }
            DmarcEvaluation evaluation = result.evaluations().getFirst();
            if (evaluation.published().isEmpty()) {
                throw new Failure("no DMARC record holds for " + domain + ": " + result.why());
            }
            PublishedPolicy published = evaluation.published().get();
            Explanation explanation =
                    new Explanation(published.domain(), published.record().toString());
            explanation.fact(
                    "asked",
                    result.evidence().stream().map(DnsEvidence::toString).toList());
            for (DnsEvidence seen : result.evidence()) {
                explanation.line("asked: " + seen);
            }
            explain(explanation, evaluation, published.record());
            tellReports(explanation, new ReportDestinations(opened.resolver()), published);
            out.println(json ? Output.json(explanation.data()) : explanation.text());
            return explanation.isGood() ? 0 : Failure.FAILED;
        }
    }

    private static void explain(Explanation explanation, DmarcEvaluation evaluation, DmarcRecord record) {
        explanation.line("mail that fails: " + evaluation.policy()
                + (evaluation.isTest() ? " (" + evaluation.asked() + ", but only tested: t=y)" : ""));
        explanation.line("alignment: DKIM " + words(record.alignments().dkim().toString()) + ", SPF "
                + words(record.alignments().spf().toString()));
        explanation.fact("policy", evaluation.policy().toString());
        explanation.fact("tested", evaluation.isTest());
        explanation.fact("adkim", record.alignments().dkim().toString());
        explanation.fact("aspf", record.alignments().spf().toString());
        if (record.policies().isEmpty()) {
            explanation.fault("the policy p= is missing or none of none, quarantine, reject");
        }
        if (evaluation.policy() == DmarcPolicy.NONE) {
            explanation.fault(
                    "forged mail is let in; ask for quarantine or reject when the reports show that yours passes");
        }
    }

    /// Where reports go, and whether they are wanted there (RFC 9990 §4).
    private static void tellReports(
            Explanation explanation, ReportDestinations destinations, PublishedPolicy published) {
        List<ReportUri> named = published.record().reporting().aggregate();
        if (named.isEmpty()) {
            explanation.fault("without rua= you do not learn who sends in your name");
        }
        Map<String, String> places = new LinkedHashMap<>();
        for (ReportUri place : named) {
            String uri = place.uri().toString();
            String answer = switch (destinations.ask(published.domain(), place, ReportDestinations.Kind.AGGREGATE)) {
                case ReportConsent.Given given ->
                    given.to().equals(List.of(place)) ? "wanted there" : "its owner wants them at " + given.to();
                case ReportConsent.Refused(String why) -> {
                    explanation.fault("no report goes to " + uri + ": " + why);
                    yield "not sent: " + why;
                }
                case ReportConsent.Unknown(String why) -> "cannot be told now: " + why;
            };
            places.put(uri, answer);
            explanation.line("reports go to " + uri + ": " + answer);
        }
        explanation.fact("reports", places);
    }

    private static String words(String alignment) {
        return alignment.equals("s") ? "by the same domain" : "by the same organisation";
    }
}
