package dev.postern.app.config;

import dev.postern.accounts.AccountTable;
import dev.postern.acme.AcmeSettings;
import dev.postern.batv.BatvSettings;
import dev.postern.certificates.CertificateSources;
import dev.postern.dns.DomainName;
import dev.postern.dns.client.UpdateSettings;
import dev.postern.dns.client.Validation;
import dev.postern.guard.GuardSettings;
import dev.postern.intake.MessageLimits;
import dev.postern.mailauth.arc.ArcSealer;
import dev.postern.mailauth.dkim.SelectedKey;
import dev.postern.policy.AuthenticationSettings;
import dev.postern.policy.EncryptionSettings;
import dev.postern.policy.ForwardLimits;
import dev.postern.policy.ListenerRole;
import dev.postern.policy.NetworkSet;
import dev.postern.policy.Signers;
import dev.postern.queue.BackOff;
import dev.postern.queue.LaneBounds;
import dev.postern.queue.RetrySchedules;
import dev.postern.reporting.ReportingSettings;
import dev.postern.reportstore.ArchiveBounds;
import dev.postern.route.AddressTable;
import dev.postern.route.DomainPattern;
import dev.postern.route.RelayDomain;
import dev.postern.route.RouteSettings;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.Priority;
import dev.postern.smtpserver.Balancers;
import dev.postern.smtpserver.CensusLimits;
import dev.postern.smtpserver.EtrnRights;
import dev.postern.smtpserver.MannersSettings;
import dev.postern.smtpserver.SenderPriorities;
import dev.postern.smtpserver.SessionLimits;
import dev.postern.smtpserver.SessionTimeouts;
import dev.postern.tls.ClientTls;
import dev.postern.tlspolicy.hops.DestinationPolicies;
import dev.postern.tlspolicy.hops.DestinationPolicy;
import dev.postern.transport.InboxPath;
import dev.postern.transport.PipeSettings;
import dev.postern.wire.Endpoint;
import dev.postern.zonerecords.StsSite;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What the configuration file says, with every default filled in and every file beside it read.
///
/// @param file the file it was read from
/// @param hostname the name of this server
/// @param data the folder of the spool and of keys made by ourselves
/// @param encryption where mail is taken under TLS only
/// @param routes how mail for other domains leaves
/// @param destinations how sessions with some hosts are protected
/// @param bounces how the return paths of our own mail are signed; empty: not at all
/// @param manners what is asked of clients before and while they speak
/// @param authentication how the senders of other servers' mail are checked; empty: not at all
public record Config(
        Path file,
        DomainName hostname,
        Path data,
        Listen listen,
        Web web,
        Tls tls,
        EncryptionSettings encryption,
        Domains domains,
        Inboxes inboxes,
        Relay relay,
        Front front,
        RouteSettings routes,
        Destinations destinations,
        Delivery delivery,
        MtaSts mtaSts,
        Submission submission,
        Handling handling,
        Forwarding forwarding,
        Optional<BatvSettings> bounces,
        Optional<AuthenticationSettings> authentication,
        Signing signing,
        Reports reports,
        Limits limits,
        MannersSettings manners,
        Guarding guarding,
        Dns dns,
        Log log) {

    /// Where we listen, by role; roles without an address are off.
    public record Listen(
            List<Endpoint> mx, List<Endpoint> submission, List<Endpoint> submissions, List<Endpoint> lmtp) {
        public Listen {
            mx = List.copyOf(mx);
            submission = List.copyOf(submission);
            submissions = List.copyOf(submissions);
            lmtp = List.copyOf(lmtp);
        }

        /// Whether no role has an address.
        public boolean isEmpty() {
            return mx.isEmpty() && submission.isEmpty() && submissions.isEmpty() && lmtp.isEmpty();
        }
    }

    /// Where our web server listens.
    ///
    /// @param http without TLS
    /// @param https with TLS from the first octet
    public record Web(List<Endpoint.Inet> http, List<Endpoint.Inet> https) {
        public Web {
            http = List.copyOf(http);
            https = List.copyOf(https);
        }
    }

    /// Which certificates we show and which we trust.
    ///
    /// @param certificates with their keys, by files; none: one we make ourselves
    /// @param roots trusted by verified connections beside the JDK's; empty: the JDK's
    /// @param distrusted SHA-256 of certificates and keys that prove nothing any more
    /// @param provider `auto`, `conscrypt` or `jsse`
    /// @param acme certificates from an authority; empty: none
    public record Tls(
            List<CertificateSources.Read> certificates,
            List<X509Certificate> roots,
            Set<String> distrusted,
            String provider,
            Optional<Acme> acme) {
        public Tls {
            certificates = List.copyOf(certificates);
            roots = List.copyOf(roots);
            distrusted = Set.copyOf(distrusted);
        }
    }

    /// Certificates from an authority.
    ///
    /// @param hook publishes what the authority looks for in DNS; empty: DNS updates do
    /// @param dnsWait how long the servers of a zone may take to have a record
    public record Acme(AcmeSettings settings, Optional<Hook> hook, Duration dnsWait) {}

    /// A program that is run at some occasion.
    ///
    /// @param command its path and arguments
    /// @param timeOut how long it may take
    public record Hook(List<String> command, Duration timeOut) {
        public Hook {
            command = List.copyOf(command);
        }
    }

    /// Our own domains and who lives there.
    ///
    /// @param local the domains whose mail ends here
    /// @param addresses what every address means: our inboxes, aliases, relay domains
    /// @param accounts the accounts
    /// @param accountFile where they were read from
    public record Domains(List<DomainName> local, AddressTable addresses, AccountTable accounts, Path accountFile) {
        public Domains {
            local = List.copyOf(local);
        }
    }

    /// How mail gets into inboxes.
    public sealed interface Inboxes {
        /// The name of the transport that writes them.
        default String transport() {
            return switch (this) {
                case Maildir _ -> "maildir";
                case Lmtp _ -> "lmtp";
                case Pipe _ -> "pipe";
            };
        }

        /// Into Maildirs.
        record Maildir(InboxPath path) implements Inboxes {}

        /// To an LMTP server such as Dovecot.
        record Lmtp(Endpoint server) implements Inboxes {}

        /// Into a program.
        record Pipe(PipeSettings settings) implements Inboxes {}
    }

    /// Whom we relay for.
    ///
    /// @param networks whose hosts may relay without a login
    /// @param domains domains that are not ours, but that we carry mail for
    /// @param etrn whose hosts may ask for the mail that waits for them
    public record Relay(NetworkSet networks, List<RelayDomain> domains, EtrnRights etrn) {
        public Relay {
            domains = List.copyOf(domains);
        }
    }

    /// Who speaks for other clients, and who is told more than strangers.
    ///
    /// @param balancers who passes connections on
    /// @param xclient whose XCLIENT is taken
    /// @param xforward whose XFORWARD is taken
    /// @param lookups whether our users and the hosts of our networks are told by VRFY and EXPN what there is
    public record Front(Balancers balancers, XClient xclient, NetworkSet xforward, boolean lookups) {
        /// Servers that say whom they speak for.
        ///
        /// @param hosts where they are
        /// @param logins whether they say for which user, too, and are believed
        public record XClient(NetworkSet hosts, boolean logins) {}
    }

    /// How sessions with the hosts of some mail domains, and with some given hosts, are protected.
    ///
    /// @param byName each once
    public record Destinations(Map<DomainPattern, Destination> byName) implements DestinationPolicies {
        public Destinations {
            byName = Map.copyOf(byName);
        }

        /// What is said of one: of itself, else of the narrowest domain that it is below.
        public Optional<Destination> named(DomainName name) {
            return byName.entrySet().stream()
                    .filter(entry -> entry.getKey().covers(name))
                    .max(Comparator.comparingInt(entry -> narrowness(entry.getKey())))
                    .map(Map.Entry::getValue);
        }

        /// The name of what is said of one, in lanes: the same for all of which the same is said; empty text for
        /// nothing.
        public String shared(DomainName name) {
            return named(name)
                    .flatMap(said -> byName.entrySet().stream()
                            .filter(entry -> entry.getValue().saysTheSame(said))
                            .map(entry -> entry.getKey().toString())
                            .min(Comparator.naturalOrder()))
                    .orElse("");
        }

        private static int narrowness(DomainPattern pattern) {
            return pattern.below() ? pattern.domain().text().length() : Integer.MAX_VALUE;
        }

        @Override
        public Optional<DestinationPolicy> of(DomainName destination) {
            return named(destination).flatMap(Destination::policy);
        }
    }

    /// What is particular about one destination.
    ///
    /// @param policy what its hosts must have; empty for what DANE and MTA-STS ask for
    /// @param manner how handshakes with them go
    /// @param bounds how much they may get
    public record Destination(Optional<DestinationPolicy> policy, ClientTls.Manner manner, LaneBounds bounds) {
        /// Whether the same is said of another, whatever its name.
        boolean saysTheSame(Destination other) {
            return unnamed().equals(other.unnamed());
        }

        private Destination unnamed() {
            return new Destination(
                    policy.map(said -> new DestinationPolicy("", said.level(), said.names(), said.fingerprints())),
                    manner,
                    bounds);
        }
    }

    /// How mail leaves.
    ///
    /// @param privateAddresses whether exchangers may have loopback and private addresses
    /// @param startTls whether STARTTLS is used where it is offered
    /// @param bounds how much a next hop may get of which nothing else is said
    /// @param totalConcurrency attempts at once in all
    /// @param connectTimeOut for one address
    /// @param schedules when a message is tried again, by recipient domain
    /// @param rest how long a next hop that is down is left alone
    /// @param active recipients of messages in memory at once
    public record Delivery(
            boolean privateAddresses,
            boolean startTls,
            LaneBounds bounds,
            int totalConcurrency,
            Duration connectTimeOut,
            RetrySchedules schedules,
            BackOff rest,
            int active) {}

    /// How the MTA-STS policies of mail domains are looked for, and what ours say.
    ///
    /// @param use whether they are
    /// @param port of the hosts that have them
    /// @param patience how long mail waits for one
    /// @param domains whose policies are kept
    /// @param own what our domains say; empty: nothing
    public record MtaSts(boolean use, int port, Duration patience, int domains, Optional<StsSite> own) {}

    /// What submitters may do.
    ///
    /// @param senders `own`, `domain` or `any`
    /// @param repairLineEnds whether bare CR and LF are made CRLF
    /// @param futureRelease how long their mail is kept back at most if they want that; zero: not offered
    public record Submission(String senders, boolean repairLineEnds, Duration futureRelease) {}

    /// What becomes of the wishes of senders for the way of their mail.
    ///
    /// @param shortestTime in which mail may be asked to be delivered or returned; zero: any
    /// @param most the highest priority that clients may ask for whom we trust
    /// @param usual the priority of mail of which nothing was said, by listener; those that are missing: 0
    /// @param senders the same by sender, for clients whom we trust
    public record Handling(
            Duration shortestTime, Priority most, Map<ListenerRole, Priority> usual, SenderPriorities senders) {
        public Handling {
            usual = Map.copyOf(usual);
        }
    }

    /// What becomes of mail that an alias leads to other domains.
    ///
    /// @param returnDomain the domain of ours where its senders get return addresses; empty: they stay
    ///     as they are
    /// @param unprovable what is done where nothing at the next hop would show who the author is
    /// @param limits how much of it there may be
    public record Forwarding(Optional<DomainName> returnDomain, Action unprovable, ForwardLimits limits) {
        /// What can be done.
        public enum Action {
            /// It is sent on as it is.
            SEND,
            /// It goes on from an address of ours.
            REWRITE,
            /// It goes on within a message of ours.
            WRAP,
            /// It is refused.
            REFUSE;

            /// Whether it sends in our name.
            public boolean isInOurName() {
                return this == REWRITE || this == WRAP;
            }
        }
    }

    /// How mail of ours is signed.
    ///
    /// @param dkim whether it is
    /// @param folder of the keys
    /// @param keys the active keys of each domain that has some
    /// @param signers the signer of each domain that has keys there
    /// @param sealers what seals forwarded mail for each of these domains
    public record Signing(
            boolean dkim,
            Path folder,
            Map<DomainName, List<SelectedKey>> keys,
            Signers signers,
            Map<DomainName, ArcSealer> sealers) {
        public Signing {
            keys = Map.copyOf(keys);
            sealers = Map.copyOf(sealers);
        }
    }

    /// What is told and heard about mail.
    ///
    /// @param sending in whose name reports are sent; empty: none are
    /// @param read the addresses that reports are sent to
    /// @param archive how much of what comes there is kept
    public record Reports(Optional<ReportingSettings> sending, List<Mailbox> read, ArchiveBounds archive) {
        public Reports {
            read = List.copyOf(read);
        }
    }

    /// What one client, one message and the disk may take.
    ///
    /// @param session how much one session may ask for
    /// @param timeouts how long it may take
    /// @param census how many sessions there may be at once
    /// @param drain how long the end may take
    /// @param diskReserve octets that stay free
    /// @param message how much structure a message may have
    /// @param logins how many logins may fail
    /// @param overload from when on there is too much to do
    public record Limits(
            SessionLimits session,
            SessionTimeouts timeouts,
            CensusLimits census,
            Duration drain,
            long diskReserve,
            MessageLimits message,
            LoginLimits logins,
            OverloadLimits overload) {}

    /// How much clients get within a time, and who is banned.
    ///
    /// @param allow networks that are neither counted nor banned, beside those that may relay
    public record Guarding(GuardSettings settings, NetworkSet allow) {}

    /// Whom we ask for names, who validates what they answer, and who takes changes of our zones.
    ///
    /// @param servers none: those of the system
    /// @param validation empty: the servers, where all of them are on this host, or else nobody
    /// @param update empty: nobody takes any
    public record Dns(
            List<Endpoint.Inet> servers,
            Duration timeOut,
            Optional<Validation> validation,
            Optional<UpdateSettings> update) {
        public Dns {
            servers = List.copyOf(servers);
        }
    }

    /// Where the mail log goes.
    ///
    /// @param format `text` or `json`
    /// @param file empty: standard output
    public record Log(String format, Optional<Path> file) {}
}
