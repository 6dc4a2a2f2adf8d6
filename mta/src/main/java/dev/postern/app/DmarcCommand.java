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
import dev.postern.message.Author;
import dev.postern.message.AuthorMailbox;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

    @Override
    public Integer call() throws Exception {
        DomainName domain = DomainName.parse(name)
                .orElseThrow(() -> new Failure(2, "\"" + name + "\" is not a domain name such as example.org"));
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        try (DnsOption.Opened opened = dns.open()) {
            Author author = new Author.Named(List.of(new AuthorMailbox("postmaster", domain)));
            DmarcResult result = new DmarcVerifier(opened.resolver()).check(author, Authentications.NONE);
            for (DnsEvidence seen : result.evidence()) {
                out.println("  asked: " + seen);
            }
            if (result.outcome() == DmarcOutcome.TEMPERROR) {
                throw new Failure("DNS does not answer: " + result.why());
            }
            DmarcEvaluation evaluation = result.evaluations().getFirst();
            if (evaluation.published().isEmpty()) {
                throw new Failure("no DMARC record holds for " + domain + ": " + result.why());
            }
            return explain(out, evaluation, evaluation.published().get());
        }
    }

    private static int explain(PrintWriter out, DmarcEvaluation evaluation, PublishedPolicy published) {
        DmarcRecord record = published.record();
        out.println(published.domain() + ": " + record);
        out.println("  mail that fails: " + evaluation.policy()
                + (evaluation.isTest() ? " (" + evaluation.asked() + ", but only tested: t=y)" : ""));
        out.println("  alignment: DKIM " + words(record.alignments().dkim().toString()) + ", SPF "
                + words(record.alignments().spf().toString()));
        out.println("  reports go to: "
                + (record.reporting().aggregate().isEmpty()
                        ? "nobody"
                        : record.reporting().aggregate().toString()));
        List<String> faults = faults(evaluation, record);
        faults.forEach(fault -> out.println("  weak: " + fault));
        return faults.isEmpty() ? 0 : Failure.FAILED;
    }

    private static String words(String alignment) {
        return alignment.equals("s") ? "by the same domain" : "by the same organisation";
    }

    private static List<String> faults(DmarcEvaluation evaluation, DmarcRecord record) {
        List<String> faults = new ArrayList<>();
        if (record.policies().isEmpty()) {
            faults.add("the policy p= is missing or none of none, quarantine, reject");
        }
        if (evaluation.policy() == DmarcPolicy.NONE) {
            faults.add("forged mail is let in; ask for quarantine or reject when the reports show that yours passes");
        }
        if (record.reporting().aggregate().isEmpty()) {
            faults.add("without rua= you do not learn who sends in your name");
        }
        return faults;
    }
}
