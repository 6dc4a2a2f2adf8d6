package dev.postern.app;

import dev.postern.accounts.Account;
import dev.postern.accounts.AccountSecrets;
import dev.postern.accounts.AccountTable;
import dev.postern.app.config.Config;
import dev.postern.app.config.ConfigReader;
import dev.postern.dns.Zone;
import dev.postern.dns.client.ZoneServer;
import dev.postern.event.Event;
import dev.postern.event.Events;
import dev.postern.mailauth.dkim.DkimAlgorithm;
import dev.postern.mailauth.dkim.DkimKey;
import dev.postern.policy.ListenerRole;
import dev.postern.smtp.Mailbox;
import dev.postern.wire.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;

/// Two mail servers and a name server on loopback: ours, for example.org, and "the internet", for
/// example.net. Each has its own folder; what happens in both is told to the log, and ours is kept
/// to be shown.
final class Playground implements AutoCloseable {
    /// Our user, with a login.
    static final String ALICE = "alice@example.org";
    /// The user's password.
    static final String PASSWORD = "open sesame";
    /// An alias of ours that leads to the internet.
    static final String FORWARDER = "friends@example.org";
    /// Somebody on the internet.
    static final String BOB = "bob@example.net";
    /// Whom the forwarder leads to.
    static final String CAROL = "carol@example.net";
    /// Nobody.
    static final String NOBODY = "nobody@example.net";

    private static final String ZONE = """
            example.org.       MX 10 mail.example.org.
            mail.example.org.  A  127.0.0.1
            example.net.       MX 10 mx.example.net.
            mx.example.net.    A  127.0.0.1
            1.0.0.127.in-addr.arpa. PTR mail.example.org.
            example.org.        TXT "v=spf1 mx -all"
            _dmarc.example.org. TXT "v=DMARC1; p=reject"
            """;
    private static final String KEY = "try._domainkey.example.org";

    private final Path folder;
    private final ExecutorService threads;
    private final ZoneServer dns;
    private final Mta internet;
    private final Mta ours;
    private final BlockingQueue<Event> ourEvents;

    private Playground(
            Path folder,
            ExecutorService threads,
            ZoneServer dns,
            Mta internet,
            Mta ours,
            BlockingQueue<Event> ourEvents) {
        this.folder = folder;
        this.threads = threads;
        this.dns = dns;
        this.internet = internet;
        this.ours = ours;
        this.ourEvents = ourEvents;
    }

    /// Starts everything in a folder.
    ///
    /// @throws IOException with a sentence, if something cannot be started
    static Playground open(Path folder, Events log) throws IOException {
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        DkimKey key = DkimKey.generate(DkimAlgorithm.ED25519_SHA256, Optional.empty());
        Zone zone = Zone.of(ZONE + KEY + ". TXT \"" + key.record() + "\"\n");
        ZoneServer dns = ZoneServer.open(zone, InetAddress.ofLiteral("127.0.0.1"), 0, threads);
        Path there = Files.createDirectories(folder.resolve("internet"));
        accounts(there, List.of(account(BOB, Optional.empty()), account(CAROL, Optional.empty())));
        Mta internet = Mta.start(configuration(there, toml("mx.example.net", "example.net", BOB, dns, 25)), log);
        int port = ((Endpoint.Inet) internet.addresses(ListenerRole.MX).getFirst()).port();

        Path here = Files.createDirectories(folder.resolve("ours"));
        accounts(here, List.of(account(ALICE, AccountSecrets.make(PASSWORD, new SecureRandom()))));
        String pem = key.pem();
        SecretFile.at(here.resolve("dkim").resolve(KEY + ".pem"), () -> pem);
        Files.writeString(here.resolve("aliases"), "friends: " + CAROL + "\n");
        BlockingQueue<Event> events = new LinkedBlockingQueue<>();
        Events both = event -> {
            log.emit(event);
            events.add(event);
        };
        Mta ours = Mta.start(configuration(here, toml("mail.example.org", "example.org", ALICE, dns, port)), both);
        return new Playground(folder, threads, dns, internet, ours, events);
    }

    private static Account account(String address, Optional<AccountSecrets> secrets) {
        return new Account(Mailbox.parse(address).orElseThrow(), secrets, List.of());
    }

    private static void accounts(Path folder, List<Account> accounts) throws IOException {
        AccountTable table = AccountTable.empty();
        for (Account account : accounts) {
            table = table.with(account);
        }
        Files.writeString(folder.resolve("accounts"), table.toText());
    }

    private static String toml(String host, String domain, String postmaster, ZoneServer dns, int port) {
        return """
            hostname = "%s"
            [listen]
            mx = ["127.0.0.1:0"]
            submission = ["127.0.0.1:0"]
            [domains]
            local = ["%s"]
            postmaster = "%s"
            [delivery]
            port = %d
            private-addresses = true
            [dns]
            servers = ["%s"]
            """.formatted(host, domain, postmaster, port, dns.endpoint());
    }

    private static Config configuration(Path folder, String toml) throws IOException {
        Path file = Files.writeString(folder.resolve("postern.toml"), toml);
        return switch (ConfigReader.read(file, System::getenv)) {
            case ConfigReader.Result.Good good -> good.config();
            case ConfigReader.Result.Bad bad -> throw new IllegalStateException(ConfigOption.sentence(bad.faults()));
        };
    }

    /// What happened on our server, as it happens.
    BlockingQueue<Event> ourEvents() {
        return ourEvents;
    }

    /// Where our users submit.
    Endpoint submission() {
        return ours.addresses(ListenerRole.SUBMISSION).getFirst();
    }

    /// Our port 25.
    Endpoint ours() {
        return ours.addresses(ListenerRole.MX).getFirst();
    }

    /// The internet's port 25.
    Endpoint internet() {
        return internet.addresses(ListenerRole.MX).getFirst();
    }

    /// The name server.
    Endpoint dns() {
        return dns.endpoint();
    }

    /// Our configuration file.
    Path configuration() {
        return folder.resolve("ours/postern.toml");
    }

    /// The inbox of an address, where new messages appear.
    Path inbox(String address) {
        String domain = address.substring(address.indexOf('@') + 1);
        String local = address.substring(0, address.indexOf('@'));
        String side = domain.equals("example.org") ? "ours" : "internet";
        return folder.resolve(side)
                .resolve("mail")
                .resolve(domain)
                .resolve(local)
                .resolve("new");
    }

    @Override
    public void close() throws IOException {
        ours.close();
        internet.close();
        dns.close();
        threads.shutdownNow();
    }
}
