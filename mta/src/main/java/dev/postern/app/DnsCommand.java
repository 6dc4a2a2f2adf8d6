package dev.postern.app;

import dev.postern.app.config.Config;
import dev.postern.dns.UpdateAnswer;
import dev.postern.tlspolicy.mtasts.PolicyFile;
import dev.postern.zonerecords.Finding;
import dev.postern.zonerecords.Mark;
import dev.postern.zonerecords.RecordChange;
import dev.postern.zonerecords.Site;
import dev.postern.zonerecords.SpfTrial;
import dev.postern.zonerecords.StsSite;
import dev.postern.zonerecords.ZoneComparison;
import dev.postern.zonerecords.ZoneWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `postern dns`: the records that our zones should have, and those that they have.
@Command(
        name = "dns",
        description = {
            "Compares the DNS records that should be published for this server and its domains with those that every"
                    + " authoritative name server has, and says what to change.",
            "Exit code 1: a record is missing or wrong. 75: name servers did not tell."
        },
        mixinStandardHelpOptions = true)
final class DnsCommand implements Callable<Integer> {
    @Mixin
    private ConfigOption option = new ConfigOption();

    @Mixin
    private AuthoritiesOption authorities = new AuthoritiesOption();

    @ArgGroup
    private Task task = new Task();

    @Option(names = "--yes", description = "With --write: makes the changes. Without it they are only shown.")
    private boolean yes;

    @Option(names = "--json", description = "One JSON object a line.")
    private boolean json;

    /// What is done in the place of comparing.
    private static final class Task {
        @Option(names = "--zone", description = "Prints the records as lines of a master file, and asks nobody.")
        private boolean zone;

        @Option(
                names = "--sts-policy",
                description = "Prints the MTA-STS policy that https://mta-sts.DOMAIN/.well-known/mta-sts.txt has to"
                        + " answer with, and asks nobody.")
        private boolean policy;

        @Option(
                names = "--write",
                description = "Shows the changes that would make the records right, and with --yes sends them to the"
                        + " server in [dns.update]. Nothing is taken away but what is known to be ours.")
        private boolean write;
    }

    @Override
    public Integer call() throws Exception {
        if (yes && !task.write) {
            throw new Failure(2, "--yes belongs to --write");
        }
        Config config = option.read();
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        if (task.policy) {
            out.print(policy(config).text());
            out.flush();
            return 0;
        }
        Site site = OwnSite.of(config, LocalDate.now(ZoneOffset.UTC));
        if (task.zone) {
            zone(site).forEach(out::println);
            return 0;
        }
        DnsVoice voice = new DnsVoice(out, json);
        List<Finding> findings = new ArrayList<>();
        try (AuthoritiesOption.Opened opened = authorities.open(config)) {
            new ZoneComparison(opened.resolver(), opened.publication(), Interfaces.addresses(), Clock.systemUTC())
                    .findings(site)
                    .forEach(finding -> {
                        voice.found(finding);
                        findings.add(finding);
                    });
        }
        return task.write ? write(config, findings, voice) : verdict(findings);
    }

    private static int verdict(List<Finding> findings) {
        if (findings.stream().anyMatch(finding -> finding.mark().isFault())) {
            return Failure.FAILED;
        }
        return findings.stream().anyMatch(finding -> finding.mark() == Mark.UNTOLD) ? Failure.TEMPORARY : 0;
    }

    private int write(Config config, List<Finding> findings, DnsVoice voice) throws Failure {
        ZoneWriter writer = new ZoneWriter(ZoneChanges.updater(config));
        List<RecordChange<?>> changes = new ArrayList<>();
        findings.forEach(finding -> finding.change().ifPresent(changes::add));
        voice.remark("");
        voice.remark(changes.isEmpty() ? "There is nothing that could be changed from here." : "Changes:");
        changes.forEach(change -> voice.planned(change, writer.mayChange(change.name())));
        List<RecordChange<?>> taken = changes.stream()
                .filter(change -> writer.mayChange(change.name()))
                .toList();
        if (taken.isEmpty()) {
            return verdict(findings);
        }
        if (!yes) {
            voice.remark("Nothing was changed; --yes does it.");
            return verdict(findings);
        }
        boolean good = true;
        for (RecordChange<?> change : taken) {
            UpdateAnswer answer = writer.write(change).orElseThrow();
            voice.answered(change, answer);
            good &= answer instanceof UpdateAnswer.Done;
        }
        List<Finding> left = findings.stream()
                .filter(finding -> finding.change()
                        .filter(change -> writer.mayChange(change.name()))
                        .isEmpty())
                .toList();
        return good ? verdict(left) : Failure.FAILED;
    }

    private static List<String> zone(Site site) throws IOException {
        List<String> lines = new ArrayList<>();
        site.places().forEach(place -> lines.addAll(place.lines()));
        site.records(SpfTrial.none()).forEach(record -> lines.addAll(record.lines()));
        return lines;
    }

    private static PolicyFile policy(Config config) throws Failure {
        Optional<StsSite> site = config.mtaSts().own();
        return new PolicyFile(site.orElseThrow(() -> new Failure(
                        "there is no MTA-STS policy: write mode = \"testing\" below [mta-sts], and later \"enforce\""))
                .policy());
    }
}
