package dev.postern.app;

import dev.postern.dns.DnsAnswer;
import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.mailauth.dkim.DkimSettings;
import dev.postern.mailauth.dkim.KeyReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `postern dkim`: the keys that sign our mail, and, given a name, a public key of anybody.
@Command(
        name = "dkim",
        description = {
            "Keys by which domains sign their mail (DKIM).",
            "With the name of a key, the same as 'postern dkim show'."
        },
        mixinStandardHelpOptions = true,
        subcommands = {DkimRotateCommand.class, DkimListCommand.class, DkimCommand.Show.class})
final class DkimCommand implements Callable<Integer> {
    private static final int GOOD_RSA_BITS = 2048;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "SELECTOR._domainkey.DOMAIN", arity = "0..1", description = "The name of a key's record.")
    private @Nullable String name;

    @Mixin
    private DnsOption dns = new DnsOption();

    @Option(names = "--json", description = "One JSON object a line.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        CommandSpec present = Objects.requireNonNull(spec);
        if (name == null) {
            throw new ParameterException(
                    present.commandLine(), "dkim needs a command, rotate, list or show, or the name of a key");
        }
        return show(name, dns, json);
    }

    /// `postern dkim show`.
    @Command(
            name = "show",
            description = "Looks up a key by which a domain signs its mail, and says what is wrong with it.",
            mixinStandardHelpOptions = true)
    static final class Show implements Callable<Integer> {
        @Parameters(paramLabel = "SELECTOR._domainkey.DOMAIN", description = "The name of the key's record.")
        private String name = "";

        @Mixin
        private DnsOption dns = new DnsOption();

        @Option(names = "--json", description = "One JSON object a line.")
        private boolean json;

        @Override
        public Integer call() throws Exception {
            return show(name, dns, json);
        }
    }

    private static int show(String name, DnsOption dns, boolean json) throws Failure, IOException {
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
            boolean good = records.size() == 1;
            for (String record : records) {
                KeyReport key = KeyReport.of(record, DkimSettings.usual());
                List<String> faults = faults(key);
                if (records.size() > 1) {
                    faults.add("there are " + records.size() + " records where one should be");
                }
                out.println(json ? Output.json(fields(place, record, key, faults)) : text(record, key, faults));
                good &= faults.isEmpty();
            }
            return good ? 0 : Failure.FAILED;
        }
    }

    private static String text(String record, KeyReport key, List<String> faults) {
        StringBuilder text = new StringBuilder(Output.shown(record));
        if (key.bits() > 0) {
            text.append("\n  ")
                    .append(key.keyType())
                    .append(", ")
                    .append(key.bits())
                    .append(" bits")
                    .append(key.strict() ? ", not for subdomains" : "");
        }
        faults.forEach(fault -> text.append("\n  wrong: ").append(Output.shown(fault)));
        return text.toString();
    }

    private static Map<String, Object> fields(DomainName place, String record, KeyReport key, List<String> faults) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", place.text());
        fields.put("record", record);
        fields.put("type", key.keyType());
        fields.put("bits", key.bits());
        fields.put("strict", key.strict());
        fields.put("faults", faults);
        return fields;
    }

    private static List<String> faults(KeyReport key) {
        List<String> faults = new ArrayList<>();
        key.fault().ifPresent(faults::add);
        if (key.keyType().equals("rsa") && key.bits() > 0 && key.bits() < GOOD_RSA_BITS) {
            faults.add("a key of " + key.bits() + " bits can be broken; make one of " + GOOD_RSA_BITS);
        }
        if (key.testing()) {
            faults.add("t=y: signatures by it prove nothing as long as it stands there");
        }
        return faults;
    }
}
