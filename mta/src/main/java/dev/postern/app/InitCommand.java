package dev.postern.app;

import dev.postern.accounts.Account;
import dev.postern.accounts.AccountTable;
import dev.postern.dns.DomainName;
import dev.postern.mailauth.keys.KeyFolder;
import dev.postern.mailauth.keys.Rotation;
import dev.postern.smtp.Mailbox;
import dev.postern.zonerecords.Site;
import dev.postern.zonerecords.SiteKeys;
import dev.postern.zonerecords.SpfTrial;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `postern init`: the first configuration of a domain, and the DNS records to publish.
@Command(
        name = "init",
        description = "Writes a first configuration for a domain and prints the DNS records to publish.",
        mixinStandardHelpOptions = true)
final class InitCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DOMAIN", description = "The domain whose mail this server takes.")
    private String name = "";

    private static final String KEYS = "dkim";

    @Option(names = "--hostname", paramLabel = "NAME", description = "The name of this server. Default: mail.DOMAIN.")
    private @Nullable String host;

    @Option(
            names = {"-d", "--directory"},
            paramLabel = "FOLDER",
            defaultValue = ".",
            description = "Where to write. Default: here.")
    private Path folder = Path.of(".");

    @Override
    public Integer call() throws Exception {
        DomainName domain = domain(name);
        DomainName hostname = domain(Optional.ofNullable(host).orElse("mail." + domain));
        Path configuration = folder.resolve("postern.toml");
        Path accounts = folder.resolve("accounts");
        for (Path file : List.of(configuration, accounts, folder.resolve(KEYS))) {
            if (Files.exists(file)) {
                throw new Failure(file + " exists already; nothing was written");
            }
        }
        boolean root = "root".equals(System.getProperty("user.name"));
        Files.createDirectories(folder);
        Files.writeString(configuration, toml(domain, hostname, root));
        Mailbox postmaster = Mailbox.of("postmaster", domain);
        write(
                accounts,
                AccountTable.empty()
                        .with(new Account(postmaster, Optional.empty(), List.of()))
                        .toText());
        makeKeys(domain);
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        out.println("Wrote " + configuration + ", " + accounts + " (an inbox for " + postmaster + ") and two keys in "
                + folder.resolve(KEYS) + ".");
        out.println();
        out.println("Next:");
        out.println("  postern user add you@" + domain + " --config " + configuration);
        out.println("  postern check --config " + configuration);
        out.println("  postern run --config " + configuration);
        out.println();
        out.println("Records to publish (put this server's address in place of 192.0.2.1 and 2001:db8::1):");
        records(domain, hostname).forEach(record -> out.println("  " + record));
        out.println("and ask the owner of the address for the PTR record 192.0.2.1 -> " + hostname + ".");
        out.println();
        out.print(encryption(domain, hostname));
        out.flush();
        return 0;
    }

    /// Makes the keys that sign the domain's mail, one of each kind.
    private void makeKeys(DomainName domain) throws IOException {
        try (Rotation rotation = Rotation.open(new KeyFolder(folder.resolve(KEYS)), Clock.systemUTC())) {
            rotation.first(domain);
        }
    }

    private static DomainName domain(String text) throws Failure {
        return DomainName.parse(text)
                .filter(DomainName::isHostName)
                .filter(d -> d.labels().size() > 1)
                .orElseThrow(() -> new Failure(2, "\"" + text + "\" is not a domain name such as example.org"));
    }

    private static void write(Path file, String text) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, text);
    }

    /// The records that follow from what was written; nobody knows this server's address yet.
    private List<String> records(DomainName domain, DomainName hostname) throws IOException {
        Site site = new Site(
                new Site.Names(hostname, List.of(domain)),
                new SiteKeys(
                        OwnSite.signing(
                                new KeyFolder(folder.resolve(KEYS)), new Retirement(0), LocalDate.now(ZoneOffset.UTC)),
                        List.of()),
                List.of(Mailbox.of("postmaster+reports", domain)),
                Optional.empty());
        List<String> lines =
                new ArrayList<>(List.of(hostname + ".  A     192.0.2.1", hostname + ".  AAAA  2001:db8::1"));
        site.records(SpfTrial.none()).forEach(record -> lines.addAll(record.lines()));
        return lines;
    }

    /// What there is to do for encryption, and which records come later.
    private static String encryption(DomainName domain, DomainName hostname) {
        return """
            Encryption (doc/operator/encrypted-from-the-start.md):
              out  on already: as other domains ask for by MTA-STS, and by DANE where a resolver on this machine validates
                   DNSSEC or [dns] in the configuration says validate = "self"; else wherever STARTTLS is offered
              in   STARTTLS is on already, with a certificate that the server signs itself. Mail programs and strict
                   senders want one from an authority: see [tls.acme] in the configuration
            Records for later, which "postern dns" prints when it is their time:
              _25._tcp.%2$s.  TLSA  when the server has its certificate; of use where the zone is signed (DNSSEC)
              _mta-sts.%1$s.  TXT, and mta-sts.%1$s.  when there is a certificate from an authority and
                   [mta-sts] in the configuration has a mode
            """.formatted(domain, hostname);
    }

    private static String toml(DomainName domain, DomainName hostname, boolean root) {
        String hint = root
                ? "# Ports below 1024 need root, or CAP_NET_BIND_SERVICE."
                : "# High ports, since this was written without root; port 25 can be redirected here.";
        return """
            # Postern's configuration. "postern check" tells what is wrong with it, "postern run" starts the server,
            # SIGHUP makes the running server read it again. doc/operator/configuration.md explains every key.

            # The name of this server; the PTR record of its address should be the same.
            hostname = "%2$s"

            # Where the spool lives.
            data = "data"

            [listen]
            %3$s
            mx = ["0.0.0.0:%4$s25", "[::]:%4$s25"]                # from other servers
            submission = ["0.0.0.0:%5$s587", "[::]:%5$s587"]    # from our users, STARTTLS
            submissions = ["0.0.0.0:%5$s465", "[::]:%5$s465"]   # from our users, TLS at once
            # http = ["0.0.0.0:%6$s", "[::]:%6$s"]      # pages for [tls.acme] below; the world sees port 80
            # https = ["0.0.0.0:%7$s", "[::]:%7$s"]   # the policy of [mta-sts] below; the world sees port 443

            [domains]
            # Domains whose mail ends here. Accounts: "postern user add". Aliases: a line "name: target, target" each.
            local = ["%1$s"]
            accounts = "accounts"
            postmaster = "postmaster@%1$s"

            [inboxes]
            by = "maildir"
            root = "mail"
            path = "{domain}/{local}"

            # The keys in this folder sign what our users send (DKIM).
            [signing]
            keys = "dkim"

            # Who sends in our name, and how TLS with us goes: others report to the address in the records _dmarc and
            # _smtp._tls ("postern reports", "postern reports --tls"), and get such reports from us.
            [reports]
            read = ["postmaster+reports@%1$s"]
            from = "postmaster@%1$s"

            # Mail to other servers is encrypted without any setting: as their domains ask for by DANE and MTA-STS, else
            # wherever STARTTLS is offered. "postern tls DOMAIN" shows what would become of mail.
            # DANE needs somebody who validates DNSSEC: a resolver on this machine, or this server itself.
            # [dns]
            # validate = "self"

            # More for one domain:
            # [destinations."bank.example"]
            # tls = "secure"

            # STARTTLS works with a certificate that the server makes and signs itself, but mail programs and strict
            # senders refuse it. One from an authority, renewed in time; it needs listen.http above:
            # [tls.acme]
            # directory = "letsencrypt"                    # "letsencrypt-staging" for a trial
            # accept-terms = true                          # you have read the authority's terms of service
            # contact = ["postmaster@%1$s"]

            # Or one that another program brings:
            # [tls]
            # certificate = "fullchain.pem"
            # key = "privkey.pem"

            # With a certificate from an authority other servers can be told to send under TLS only (MTA-STS). The policy
            # needs listen.https above, and "postern dns" shows the records for it:
            # [mta-sts]
            # mode = "testing"                             # "enforce" when the TLS reports of two weeks are good
            # serve = true

            # Where a provider blocks port 25: everything through another server.
            # [smarthost.provider]
            # host = "smtp.example.net"
            # user = "name"
            # password-file = "smarthost-password"
            """.formatted(
                domain, hostname, hint, root ? "" : "25", root ? "" : "2", root ? "80" : "8080", root ? "443" : "8443");
    }
}
