package dev.postern.app;

import dev.postern.dns.DnsAnswer;
import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.dns.Resolver;
import dev.postern.mailauth.spf.Directive;
import dev.postern.mailauth.spf.Mechanism;
import dev.postern.mailauth.spf.Qualifier;
import dev.postern.mailauth.spf.SpfOutcome;
import dev.postern.mailauth.spf.SpfQuery;
import dev.postern.mailauth.spf.SpfRecord;
import dev.postern.mailauth.spf.SpfResult;
import dev.postern.mailauth.spf.SpfSettings;
import dev.postern.mailauth.spf.SpfVerifier;
import dev.postern.smtp.Mailbox;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `postern spf`: the SPF record of a domain, explained and criticised.
@Command(
        name = "spf",
        description = "Looks up which hosts may send in the name of a domain (SPF), and says what is wrong with it.",
        mixinStandardHelpOptions = true)
final class SpfCommand implements Callable<Integer> {
    /// An address of no host (it is reserved), for which all terms are gone through.
    private static final String NOBODY = "240.0.0.1";

    @Parameters(paramLabel = "DOMAIN", description = "The domain.")
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
            List<String> records = records(opened.resolver(), domain);
            if (records.isEmpty()) {
                throw new Failure(
                        domain + " has no SPF record: anybody may send in its name unless DMARC says otherwise");
            }
            if (records.size() > 1) {
                throw new Failure(domain + " has " + records.size()
                        + " SPF records, which is an error (RFC 7208 section 4.5); publish one");
            }
            Explanation explanation = new Explanation(domain, records.getFirst());
            switch (SpfRecord.parse(records.getFirst())) {
                case SpfRecord.Bad bad -> bad.faults().forEach(fault -> explanation.fault(fault.toString()));
                case SpfRecord.Good(SpfRecord record) -> explain(explanation, opened.resolver(), domain, record);
            }
            out.println(json ? Output.json(explanation.data()) : explanation.text());
            return explanation.isGood() ? 0 : Failure.FAILED;
        }
    }

    private static List<String> records(Resolver resolver, DomainName domain) throws Failure {
        return switch (resolver.resolve(domain, RecordType.TXT)) {
            case DnsAnswer.Found<String> found ->
                found.records().stream().filter(SpfRecord::isRecord).toList();
            case DnsAnswer.NoData<String> _ -> List.of();
            case DnsAnswer.NoDomain<String> _ -> throw new Failure(domain + " does not exist");
            case DnsAnswer.Failed<String>(String why) -> throw new Failure("DNS does not answer: " + why);
        };
    }

    private static void explain(Explanation explanation, Resolver resolver, DomainName domain, SpfRecord record) {
        for (Directive directive : record.directives()) {
            explanation.line(words(directive.qualifier()) + words(directive.mechanism()) + "  (" + directive + ")");
        }
        record.redirect()
                .ifPresent(redirect -> explanation.line("otherwise as another domain says  (" + redirect + ")"));
        SpfQuery nobody = new SpfQuery(
                InetAddress.ofLiteral(NOBODY), domain.text(), Mailbox.of("nobody", domain), DomainName.of("localhost"));
        SpfResult all = new SpfVerifier(resolver, SpfSettings.RECOMMENDED, Clock.systemUTC()).checkMailFrom(nobody);
        explanation.line(
                "any other client: " + all.outcome().word() + ", after " + all.lookUps() + " look-ups of at most 10");
        explanation.fact(
                "terms", record.directives().stream().map(Object::toString).toList());
        record.redirect().ifPresent(redirect -> explanation.fact("redirect", redirect.toString()));
        explanation.fact("others", all.outcome().word());
        explanation.fact("look-ups", all.lookUps());
        faults(record, all).forEach(explanation::fault);
    }

    private static List<String> faults(SpfRecord record, SpfResult all) {
        List<String> faults = new ArrayList<>();
        all.problem().ifPresent(faults::add);
        if (all.outcome() == SpfOutcome.PASS) {
            faults.add("every host of the world may send in its name; end with -all or ~all");
        }
        if (all.outcome() == SpfOutcome.NEUTRAL) {
            faults.add("nothing is said of other hosts, so the record stops nobody; end with -all or ~all");
        }
        if (record.directives().stream().anyMatch(one -> one.mechanism() instanceof Mechanism.Ptr)) {
            faults.add("ptr is slow and unreliable, and should not be used (RFC 7208 section 5.5)");
        }
        return faults;
    }

    private static String words(Mechanism mechanism) {
        return switch (mechanism) {
            case Mechanism.All _ -> "everybody";
            case Mechanism.Include include -> "whom " + include.target() + " lets send";
            case Mechanism.A a ->
                "the hosts at " + a.target().map(Object::toString).orElse("the domain itself");
            case Mechanism.Mx mx ->
                "the mail exchangers of " + mx.target().map(Object::toString).orElse("the domain itself");
            case Mechanism.Ptr _ -> "hosts whose name is in the domain";
            case Mechanism.Ip4 _, Mechanism.Ip6 _ -> "this network";
            case Mechanism.Exists exists -> "clients for which " + exists.target() + " exists";
        };
    }

    private static String words(Qualifier qualifier) {
        return switch (qualifier) {
            case PASS -> "may send:        ";
            case FAIL -> "may not send:    ";
            case SOFTFAIL -> "should not send: ";
            case NEUTRAL -> "nothing is said: ";
        };
    }
}
