package dev.postern.app;

import dev.postern.admin.ControlRequest;
import dev.postern.app.config.Config;
import dev.postern.app.config.OwnAddresses;
import dev.postern.dns.DomainName;
import dev.postern.feedback.Finding;
import dev.postern.feedback.ReportLimits;
import dev.postern.feedback.ReportReader;
import dev.postern.mailauth.keys.KeyFile;
import dev.postern.mailauth.keys.KeyFolder;
import dev.postern.reporting.SourceSurvey;
import dev.postern.reporting.TlsSurvey;
import dev.postern.reportstore.ArchivedReport;
import dev.postern.reportstore.MessageForm;
import dev.postern.reportstore.ObservationLedger;
import dev.postern.reportstore.ReportArchive;
import dev.postern.reportstore.SessionForm;
import dev.postern.reportstore.Settlement;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// `postern reports`: who sends in our name, and how sessions with our servers go, by the reports that others have sent
/// us.
@Command(
        name = "reports",
        description =
                "Shows who sends in our name, and how sessions with our servers go, by the DMARC and TLS reports that"
                        + " others have sent us.",
        mixinStandardHelpOptions = true,
        subcommands = {ReportsCommand.Sent.class, ReportsCommand.Send.class})
final class ReportsCommand implements Callable<Integer> {
    private static final String MESSAGES = "messages";
    private static final String SESSIONS = "sessions";

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Option(
            names = "--days",
            paramLabel = "N",
            defaultValue = "30",
            description = "Of reports that came in the last N days. Default: ${DEFAULT-VALUE}.")
    private int days = 30;

    @Option(names = "--domain", paramLabel = "DOMAIN", description = "Only of this domain and those below it.")
    private @Nullable String domain;

    @Option(names = "--tls", description = "Only how sessions with our servers went (TLS reports).")
    private boolean tls;

    @Option(
            names = "--unproven",
            description = "Also reports that anybody may have written, since their messages did not pass DMARC here.")
    private boolean unproven;

    @Option(names = "--json", description = "One JSON object a line.")
    private boolean json;

    /// How many reports there were.
    private static final class Tally {
        private int shown;
        private int unproven;
    }

    @Override
    public Integer call() throws Exception {
        Config site = config.read();
        Optional<DomainName> within = Optional.empty();
        if (domain != null) {
            within = Optional.of(DomainName.parse(domain)
                    .orElseThrow(() -> new Failure(2, "\"" + domain + "\" is not a domain name such as example.org")));
        }
        SourceSurvey sources = new SourceSurvey(within, own(site));
        TlsSurvey sessions = new TlsSurvey(within);
        Tally tally = new Tally();
        List<String> strange = ReportArchive.read(
                ReportFolders.received(site),
                Instant.now().minus(days, ChronoUnit.DAYS),
                new ReportReader(ReportLimits.DEFAULT),
                (how, finding) -> add(how, finding, sources, sessions, tally));
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        sources.sources().forEach(one -> out.println(json ? Output.json(map(one)) : lines(one)));
        sessions.sessions()
                .forEach(one -> out.println(json ? Output.json(SessionLines.map(one)) : SessionLines.lines(one)));
        end(out, tally, strange);
        return 0;
    }

    private void add(ArchivedReport how, Finding finding, SourceSurvey sources, TlsSurvey sessions, Tally tally) {
        boolean asked = finding instanceof Finding.Tls || (finding instanceof Finding.Aggregate && !tls);
        if (!asked) {
            return;
        }
        if (how.author().isEmpty() && !unproven) {
            tally.unproven++;
            return;
        }
        switch (finding) {
            case Finding.Aggregate(var report, var remarks) -> tally.shown += sources.add(report) ? 1 : 0;
            case Finding.Tls(var report, var remarks) -> {
                sessions.add(report);
                tally.shown++;
            }
            case Finding.Abuse _, Finding.Delivery _, Finding.NoReport _, Finding.Broken _ -> {
                // neither is asked for
            }
        }
    }

    private void end(PrintWriter out, Tally tally, List<String> strange) {
        if (json) {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("reports", tally.shown);
            all.put("unproven", tally.unproven);
            all.put("unreadable", strange);
            out.println(Output.json(all));
            return;
        }
        out.println(tally.shown + " reports of the last " + days + " days.");
        if (tally.unproven > 0) {
            out.println(tally.unproven + " more that anybody may have written were left out (--unproven).");
        }
        strange.forEach(file -> out.println("not understood: " + file));
    }

    /// What is ours: the addresses that we listen on, the hosts that we relay for, and our keys, also those that sign
    /// no more.
    private static SourceSurvey.Own own(Config site) throws IOException {
        Set<InetAddress> addresses = OwnAddresses.of(site.listen());
        Set<DomainName> keys = new KeyFolder(site.signing().folder())
                .all().stream().map(KeyFile::record).collect(Collectors.toUnmodifiableSet());
        return new SourceSurvey.Own(
                address ->
                        addresses.contains(address) || site.relay().networks().contains(address),
                keys);
    }

    private static Map<String, Object> map(SourceSurvey.Source source) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("source", source.address().getHostAddress());
        map.put("ours", source.own());
        map.put("messages", source.counts().messages());
        map.put("dkim", source.counts().byDkim());
        map.put("spf", source.counts().bySpf());
        map.put("failed", source.counts().failed());
        map.put("refused", source.counts().refused());
        map.put("authors", source.names().authors());
        map.put("signers", source.names().signers());
        map.put("reporters", source.names().reporters());
        map.put("advice", source.advice());
        return map;
    }

    private static String lines(SourceSurvey.Source source) {
        SourceSurvey.Counts counts = source.counts();
        return source.address().getHostAddress() + (source.own() ? " (ours)" : "") + ": " + counts.messages()
                + " messages from " + String.join(", ", source.names().authors())
                + "\n    passed by DKIM " + counts.byDkim() + ", by SPF " + counts.bySpf() + "; failed "
                + counts.failed() + ", of these refused or marked " + counts.refused()
                + (source.names().signers().isEmpty()
                        ? ""
                        : "\n    signed by " + String.join(", ", source.names().signers()))
                + "\n    told by " + String.join(", ", source.names().reporters())
                + "\n    " + source.advice();
    }

    /// What became of the observations of a day, as an object.
    ///
    /// @param counted what was counted: `messages` or `sessions`
    static Map<String, Object> json(String counted, Settlement settlement) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("day", settlement.day().toString());
        map.put("domain", settlement.domain().text());
        map.put("until", settlement.until().toString());
        map.put(counted, settlement.count());
        map.put("fate", settlement.fate().name().toLowerCase(Locale.ROOT));
        map.put("what", settlement.words());
        return map;
    }

    private static String line(Map<String, Object> settled, String counted) {
        return settled.get("day") + "  " + settled.get("fate") + "  " + settled.get("domain") + "  "
                + settled.get(counted) + " " + counted + ": " + settled.get("what");
    }

    /// `postern reports sent`: what we have told others.
    @Command(
            name = "sent",
            description = "Shows the reports that we have sent, and those that nobody wanted.",
            mixinStandardHelpOptions = true)
    static final class Sent implements Callable<Integer> {
        @Mixin
        private ConfigOption config = new ConfigOption();

        @Option(names = "--json", description = "One JSON object a line.")
        private boolean json;

        @Override
        public Integer call() throws Exception {
            PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
            Config site = config.read();
            show(out, MESSAGES, ObservationLedger.settlements(new MessageForm(), ReportFolders.ledger(site)));
            show(out, SESSIONS, ObservationLedger.settlements(new SessionForm(), ReportFolders.sessions(site)));
            return 0;
        }

        private void show(PrintWriter out, String counted, List<Settlement> settlements) {
            for (Settlement one : settlements) {
                Map<String, Object> settled = ReportsCommand.json(counted, one);
                out.println(json ? Output.json(settled) : line(settled, counted));
            }
        }
    }

    /// `postern reports send`: the reports on a day, now.
    @Command(
            name = "send",
            description = "Has the running server send the reports on a day now, without waiting until they are due.",
            mixinStandardHelpOptions = true)
    static final class Send implements Callable<Integer> {
        @Mixin
        private ConfigOption config = new ConfigOption();

        @Option(
                names = "--day",
                paramLabel = "YYYY-MM-DD",
                description = "The day, in UTC; of today what was seen until now. Default: yesterday.")
        private LocalDate day = LocalDate.now(ZoneOffset.UTC).minusDays(1);

        @Option(names = "--json", description = "One JSON object a line.")
        private boolean json;

        @Override
        public Integer call() throws Exception {
            PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
            AtomicInteger count = new AtomicInteger();
            config.control().call(new ControlRequest("reports-send", Map.of("day", day.toString())), node -> {
                count.incrementAndGet();
                out.println(json ? node.toString() : line(node));
            });
            if (count.get() == 0 && !json) {
                out.println("Nothing is to be told of " + day + ", or it has been told.");
            }
            return 0;
        }

        private static String line(JsonNode one) {
            String counted = one.has(SESSIONS) ? SESSIONS : MESSAGES;
            Map<String, Object> settled = new LinkedHashMap<>();
            one.properties()
                    .forEach(field ->
                            settled.put(field.getKey(), field.getValue().asString()));
            return ReportsCommand.line(settled, counted);
        }
    }
}
