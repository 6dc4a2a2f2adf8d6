package dev.postern.app;

import dev.postern.app.TlsFindings.Contact;
import dev.postern.app.TlsFindings.OfHost;
import dev.postern.crypto.CertificateNames;
import dev.postern.dns.TlsaRecord;
import dev.postern.smtpclient.Encryption;
import dev.postern.tlspolicy.dane.DaneFinding;
import dev.postern.tlspolicy.hops.HopDecision;
import dev.postern.tlspolicy.mtasts.StsFinding;
import dev.postern.tlspolicy.mtasts.StsPolicy;
import dev.postern.wire.Endpoint;
import dev.postern.wire.TlsState;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// What `postern tls` prints: the findings for people, and for programs. Texts of strangers are shown without control
/// characters, and no longer than a certain length.
final class TlsReport {
    private static final int LONGEST = 300;
    private static final int MOST_RECORDS = 20;
    private static final int MOST_CERTIFICATES = 10;

    private final TlsFindings findings;

    TlsReport(TlsFindings findings) {
        this.findings = findings;
    }

    /// For people.
    String text() {
        List<String> lines = new ArrayList<>();
        lines.add(findings.target());
        findings.lookUps().forEach(one -> line(lines, "DNS", one.question() + ": " + one.answer()));
        findings.policy().ifPresent(policy -> line(lines, "MTA-STS", words(policy)));
        for (OfHost host : findings.hosts()) {
            lines.add("");
            lines.add(shown(host.name()));
            data(host, (name, value) -> line(lines, name, value));
            line(lines, "so", host.outcome().sentence());
        }
        lines.add("");
        lines.add(shown(findings.outcome().sentence()));
        return String.join("\n", lines);
    }

    /// For programs.
    Map<String, Object> data() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("target", findings.target());
        all.put(
                "dns",
                findings.lookUps().stream()
                        .map(one -> shown(one.question() + ": " + one.answer()))
                        .toList());
        findings.policy().ifPresent(policy -> all.put("mta-sts", shown(words(policy))));
        List<Map<String, Object>> hosts = new ArrayList<>();
        for (OfHost host : findings.hosts()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", shown(host.name()));
            one.put("authentic", host.authentic());
            Map<String, List<String>> several = new LinkedHashMap<>();
            data(
                    host,
                    (name, value) -> several.computeIfAbsent(name, _ -> new ArrayList<>())
                            .add(shown(value)));
            one.putAll(several);
            one.put("result", word(host.outcome()));
            one.put("sentence", shown(host.outcome().sentence()));
            hosts.add(one);
        }
        all.put("hosts", hosts);
        all.put("result", word(findings.outcome()));
        all.put("sentence", shown(findings.outcome().sentence()));
        return all;
    }

    /// Takes one fact after the other; a name may come several times.
    private interface Fact {
        void is(String name, String value);
    }

    private void data(OfHost host, Fact fact) {
        fact.is("host", findings.policy().isPresent() ? exchanger(host) : "the next hop, as asked for");
        fact.is(
                "addresses",
                host.addresses().stream().map(InetAddress::getHostAddress).collect(Collectors.joining(", ")));
        host.dane().ifPresent(dane -> records(dane, fact));
        switch (host.decision()) {
            case HopDecision.Use use -> fact.is("required", use.requirement().words());
            case HopDecision.PassOver over -> fact.is("required", "cannot be had: " + over.status());
        }
        host.decision().reasons().stream()
                .filter(reason -> !reason.asked().equals("TLS " + host.name())) // which is what is required
                .forEach(reason -> fact.is("because", reason.asked() + ": " + reason.found()));
        host.contact().ifPresent(contact -> session(contact, fact));
    }

    private static String exchanger(OfHost host) {
        return "an exchanger of preference " + host.preference() + ", "
                + (host.authentic() ? "DNSSEC vouches for that" : "nobody vouches for that");
    }

    private static void records(DaneFinding dane, Fact fact) {
        fact.is("DANE", dane.why());
        switch (dane) {
            case DaneFinding.Published(List<TlsaRecord> records, var base, String _) -> {
                fact.is("TLSA base", base.text());
                records.stream().limit(MOST_RECORDS).forEach(one -> fact.is("TLSA", one.text()));
            }
            case DaneFinding.Unusable(List<TlsaRecord> records, String _) ->
                records.stream().limit(MOST_RECORDS).forEach(one -> fact.is("TLSA", one.text() + " (not usable)"));
            case DaneFinding.NotPublished _, DaneFinding.Unknown _ -> {}
        }
    }

    private static void session(Contact contact, Fact fact) {
        switch (contact) {
            case Contact.Failed(Endpoint at, var step, String why) ->
                fact.is("session", at + ": fails at " + step.words() + ", " + why);
            case Contact.Clear(Endpoint at) -> fact.is("session", at + ": in the clear, no STARTTLS");
            case Contact.Secured(Endpoint at, TlsState state, boolean requireTls) -> {
                fact.is(
                        "session",
                        at + ": " + state.protocol() + " " + state.cipher()
                                + state.group().map(group -> " " + group).orElse(""));
                certificates(state.peerChain(), fact);
                fact.is("proof", Encryption.words(state.peer()));
                fact.is("REQUIRETLS", requireTls ? "offered" : "not offered");
            }
        }
    }

    private static void certificates(List<X509Certificate> chain, Fact fact) {
        Optional<X509Certificate> own = chain.stream().findFirst();
        own.ifPresent(certificate -> {
            fact.is("certificate", "for " + CertificateNames.orCommonName(certificate));
            fact.is(
                    "valid",
                    certificate.getNotBefore().toInstant() + " to "
                            + certificate.getNotAfter().toInstant());
        });
        chain.stream()
                .limit(MOST_CERTIFICATES)
                .forEach(one -> fact.is(
                        "chain",
                        one.getSubjectX500Principal().getName() + ", by "
                                + one.getIssuerX500Principal().getName()));
    }

    private static String words(StsFinding finding) {
        return switch (finding) {
            case StsFinding.InForce(StsPolicy policy, String why) ->
                policy.mode().word() + ", mx " + String.join(" ", policy.hosts()) + ", to be kept "
                        + policy.maxAge().toSeconds() + " s (" + why + ")";
            case StsFinding.NoPolicy(String why) -> "none: " + why;
            case StsFinding.Unavailable(var result, String why) -> "cannot be had (" + result + "): " + why;
        };
    }

    private static String word(TlsFindings.Outcome outcome) {
        return outcome.result().name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static void line(List<String> lines, String name, String value) {
        lines.add(String.format(Locale.ROOT, "  %-12s %s", name, shown(value)));
    }

    private static String shown(String text) {
        String clean = Output.shown(text);
        return clean.length() > LONGEST ? clean.substring(0, LONGEST) + "…" : clean;
    }
}
