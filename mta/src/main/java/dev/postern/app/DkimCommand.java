package dev.postern.app;

import dev.postern.dns.DnsAnswer;
import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.mailauth.dkim.DkimSettings;
import dev.postern.mailauth.dkim.KeyReport;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `postern dkim`: a public key that signatures are checked by, explained and criticised.
@Command(
        name = "dkim",
        description = "Looks up a key by which a domain signs its mail (DKIM), and says what is wrong with it.",
        mixinStandardHelpOptions = true)
final class DkimCommand implements Callable<Integer> {
    private static final int GOOD_RSA_BITS = 2048;

    @Parameters(paramLabel = "SELECTOR._domainkey.DOMAIN", description = "The name of the key's record.")
    private String name = "";

    @Mixin
    private DnsOption dns = new DnsOption();

    @Override
    public Integer call() throws Exception {
        DomainName place = DomainName.parse(name)
                .filter(one -> one.text().contains("._domainkey."))
                .orElseThrow(() ->
                        new Failure(2, "\"" + name + "\" is not the name of a key such as s1._domainkey.example.org"));
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        try (DnsOption.Opened opened = dns.open()) {
            List<String> records = switch (opened.resolver().resolve(place, RecordType.TXT)) {
                case DnsAnswer.Found<String> found -> found.records();
                case DnsAnswer.NoData<String> _ -> throw new Failure(place + " has no TXT record");
                case DnsAnswer.NoDomain<String> _ -> throw new Failure(place + " does not exist");
                case DnsAnswer.Failed<String>(String why) -> throw new Failure("DNS does not answer: " + why);
            };
            int code = 0;
            for (String record : records) {
                out.println(record);
                List<String> faults = explain(out, KeyReport.of(record, DkimSettings.usual()));
                faults.forEach(fault -> out.println("  wrong: " + fault));
                code = faults.isEmpty() ? code : Failure.FAILED;
            }
            if (records.size() > 1) {
                out.println("  wrong: there are " + records.size() + " records where one should be");
                code = Failure.FAILED;
            }
            return code;
        }
    }

    private static List<String> explain(PrintWriter out, KeyReport key) {
        List<String> faults = new ArrayList<>();
        key.fault().ifPresent(faults::add);
        if (key.bits() > 0) {
            out.println(
                    "  " + key.keyType() + ", " + key.bits() + " bits" + (key.strict() ? ", not for subdomains" : ""));
        }
        if (key.keyType().equals("rsa") && key.bits() > 0 && key.bits() < GOOD_RSA_BITS) {
            faults.add("a key of " + key.bits() + " bits can be broken; make one of " + GOOD_RSA_BITS);
        }
        if (key.testing()) {
            faults.add("t=y: signatures by it prove nothing as long as it stands there");
        }
        return faults;
    }
}
