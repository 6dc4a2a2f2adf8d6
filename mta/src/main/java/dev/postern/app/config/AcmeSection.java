package dev.postern.app.config;

import dev.postern.acme.AcmeSettings;
import dev.postern.acme.ChallengeKind;
import dev.postern.crypto.PrivateFile;
import dev.postern.crypto.SelfSigned;
import dev.postern.dns.DomainName;
import dev.postern.event.IoFault;
import dev.postern.smtp.Mailbox;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The section `[tls.acme]`: certificates from an authority.
final class AcmeSection {
    private static final Map<String, String> KNOWN = Map.of(
            "letsencrypt", "https://acme-v02.api.letsencrypt.org/directory",
            "letsencrypt-staging", "https://acme-staging-v02.api.letsencrypt.org/directory");

    private static final int USUAL_ORDERS = 10;
    private static final int MOST_ORDERS = 1000;

    /// Of a file with a secret.
    private static final int MOST_OCTETS = 4096;

    private final Section section;
    private final Path folder;

    private AcmeSection(Section section, Path folder) {
        this.section = section;
        this.folder = folder;
    }

    /// Reads it; empty where the file has no such section.
    ///
    /// @param folder where relative paths begin
    /// @param site what the challenges need around them
    static Optional<Config.Acme> read(Section section, Path folder, Site site) {
        Optional<Config.Acme> acme = new AcmeSection(section, folder).read(site);
        section.finish();
        return section.isThere() ? acme : Optional.empty();
    }

    /// What the challenges need around them.
    ///
    /// @param names that the certificate is for where the file names none, at least one
    /// @param updates whether our zones can be changed by DNS update
    record Site(List<DomainName> names, Config.Web web, boolean updates) {
        Site {
            names = List.copyOf(names);
        }
    }

    private Optional<Config.Acme> read(Site site) {
        Optional<URI> directory = section.parsed(
                "directory", "\"letsencrypt\", \"letsencrypt-staging\" or an https address", AcmeSection::directory);
        boolean accepted = section.flag("accept-terms", false);
        List<URI> contacts = section.parsedList("contact", "a mail address", AcmeSection::contact);
        Optional<AcmeSettings.ExternalAccount> external = external();
        List<X509Certificate> roots = TrustKey.read(section, folder);
        List<DomainName> names = names(site.names());
        List<SelfSigned.Kind> keys = keys();
        ChallengeKind challenge = section.parsed(
                        "challenge", "one of http-01, tls-alpn-01, dns-01", ChallengeKind::parse)
                .orElse(ChallengeKind.HTTP_01);
        Optional<Config.Hook> hook = hook();
        Duration dnsWait = section.duration("dns-wait", Duration.ofMinutes(1));
        AcmeSettings.Pace pace = new AcmeSettings.Pace(
                section.number("orders-a-day", USUAL_ORDERS, 1, MOST_ORDERS),
                AcmeSettings.Pace.waits(section.positive("first-wait", Duration.ofMinutes(15))));
        if (!section.isThere()) {
            return Optional.empty();
        }
        if (directory.isEmpty() && !section.has("directory")) {
            section.fault(
                    "directory",
                    "\"tls.acme.directory\" is missing; write directory = \"letsencrypt\", or another authority's"
                            + " address");
        }
        if (!accepted) {
            section.fault(
                    "accept-terms",
                    "an authority issues certificates only to those who accept its terms of service: read them, then"
                            + " write accept-terms = true");
        }
        if (challenge != ChallengeKind.DNS_01) {
            for (String key : List.of("hook", "hook-time-out", "dns-wait")) {
                if (section.has(key)) {
                    section.fault(
                            key,
                            "\"tls.acme." + key + "\" is for the challenge dns-01; write challenge = \"dns-01\" beside"
                                    + " it, or take it out");
                }
            }
        }
        requireWay(challenge, hook, site);
        return directory.map(address -> new Config.Acme(
                new AcmeSettings(
                        new AcmeSettings.Authority(address, contacts, external, roots), names, keys, challenge, pace),
                hook,
                dnsWait));
    }

    private static Optional<URI> directory(String text) {
        try {
            URI address = new URI(KNOWN.getOrDefault(text, text));
            return "https".equals(address.getScheme()) && address.getHost() != null
                    ? Optional.of(address)
                    : Optional.empty();
        } catch (URISyntaxException notOne) {
            return Optional.empty(); // the exception is how the JDK says "no"
        }
    }

    private static Optional<URI> contact(String text) {
        return Mailbox.parse(text).map(mailbox -> URI.create("mailto:" + mailbox));
    }

    private List<DomainName> names(List<DomainName> usual) {
        List<DomainName> names = section
                .parsedList(
                        "names",
                        "a domain name (certificates for \"*.\" and a domain are not ordered)",
                        text -> DomainName.parse(text).filter(DomainName::isHostName))
                .stream()
                .distinct()
                .toList();
        if (names.size() > AcmeSettings.MOST_NAMES) {
            section.fault("names", "a certificate is for at most " + AcmeSettings.MOST_NAMES + " names");
            return usual;
        }
        return names.isEmpty() ? usual : names;
    }

    private List<SelfSigned.Kind> keys() {
        List<SelfSigned.Kind> keys = section.parsedList("keys", "\"ecdsa\" or \"rsa\"", AcmeSection::kind).stream()
                .distinct()
                .toList();
        return keys.isEmpty() ? List.of(SelfSigned.Kind.ECDSA) : keys;
    }

    private static Optional<SelfSigned.Kind> kind(String word) {
        return List.of(SelfSigned.Kind.ECDSA, SelfSigned.Kind.RSA).stream()
                .filter(kind -> kind.name().toLowerCase(Locale.ROOT).equals(word))
                .findFirst();
    }

    private Optional<AcmeSettings.ExternalAccount> external() {
        Optional<String> id = section.string("external-account");
        Optional<Path> file = section.string("external-account-key-file").map(folder::resolve);
        if (section.has("external-account") != section.has("external-account-key-file")) {
            section.fault(
                    "external-account",
                    "\"external-account\" and \"external-account-key-file\" belong together; write both or none");
            return Optional.empty();
        }
        if (id.isEmpty() || file.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new AcmeSettings.ExternalAccount(
                    id.get(),
                    new String(PrivateFile.read(file.get(), MOST_OCTETS), StandardCharsets.US_ASCII).strip()));
        } catch (IOException e) {
            section.fault("external-account-key-file", IoFault.sentence(e));
            return Optional.empty();
        }
    }

    private Optional<Config.Hook> hook() {
        List<String> command = new ArrayList<>(section.strings("hook"));
        Duration timeOut = section.positive("hook-time-out", Duration.ofMinutes(2));
        if (command.isEmpty()) {
            return Optional.empty();
        }
        Path program = Path.of(command.getFirst());
        if (!program.isAbsolute()) {
            section.fault("hook", "the program of \"tls.acme.hook\" must be named by its absolute path");
            return Optional.empty();
        }
        if (!Files.isRegularFile(program) || !Files.isExecutable(program)) {
            section.fault(
                    "hook",
                    program + ", the program of \"tls.acme.hook\", "
                            + (Files.isRegularFile(program)
                                    ? "may not be run by this user; make it so with 'chmod a+x'"
                                    : "is not there"));
        }
        return Optional.of(new Config.Hook(command, timeOut));
    }

    private void requireWay(ChallengeKind challenge, Optional<Config.Hook> hook, Site site) {
        switch (challenge) {
            case HTTP_01 -> {
                if (site.web().http().isEmpty()) {
                    section.fault(
                            "challenge",
                            "http-01 needs a page on port 80: write http = [\"0.0.0.0:80\", \"[::]:80\"] below"
                                    + " [listen], or another challenge");
                }
            }
            case TLS_ALPN_01 -> {
                if (site.web().https().isEmpty()) {
                    section.fault(
                            "challenge",
                            "tls-alpn-01 needs port 443: write https = [\"0.0.0.0:443\", \"[::]:443\"] below [listen],"
                                    + " or another challenge");
                }
            }
            case DNS_01 -> {
                if (hook.isEmpty() && !site.updates()) {
                    section.fault(
                            "challenge",
                            "dns-01 needs a way to publish records: a section [dns.update], or a program as"
                                    + " hook = [\"/path/to/program\"]");
                }
            }
        }
    }
}
