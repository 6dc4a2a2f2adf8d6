package dev.postern.policy;

import dev.postern.dns.DomainName;
import dev.postern.dns.Resolver;
import dev.postern.mailauth.BoundedResolver;
import dev.postern.mailauth.DnsAllowance;
import dev.postern.mailauth.DnsEvidence;
import dev.postern.mailauth.WitnessedResolver;
import dev.postern.mailauth.arc.ArcResult;
import dev.postern.mailauth.arc.ArcVerification;
import dev.postern.mailauth.arc.ArcVerifier;
import dev.postern.mailauth.dkim.DkimOutcome;
import dev.postern.mailauth.dkim.DkimResult;
import dev.postern.mailauth.dkim.DkimResults;
import dev.postern.mailauth.dkim.DkimSettings;
import dev.postern.mailauth.dkim.DkimVerification;
import dev.postern.mailauth.dkim.DkimVerifier;
import dev.postern.mailauth.dmarc.AuthenticatedDomain;
import dev.postern.mailauth.dmarc.AuthenticatedDomain.Mechanism;
import dev.postern.mailauth.dmarc.Authentications;
import dev.postern.mailauth.dmarc.DmarcResult;
import dev.postern.mailauth.dmarc.DmarcVerifier;
import dev.postern.mailauth.iprev.IprevResult;
import dev.postern.mailauth.iprev.IprevVerifier;
import dev.postern.mailauth.spf.SpfOutcome;
import dev.postern.mailauth.spf.SpfQuery;
import dev.postern.mailauth.spf.SpfResult;
import dev.postern.mailauth.spf.SpfSettings;
import dev.postern.mailauth.spf.SpfVerifier;
import dev.postern.message.Author;
import dev.postern.message.BodySink;
import dev.postern.message.MessageReader;
import dev.postern.smtp.Host;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.NullPath;
import dev.postern.smtp.ReversePath;
import dev.postern.spool.Content;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.security.Provider;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Checks in whose name a message comes: iprev, SPF, DKIM, ARC and DMARC, in one pass over its
/// content. Shared by all sessions.
public final class SenderAuthentication {
    /// How long a header section may be that is looked at, in octets.
    public static final int LONGEST_HEADER = 1 << 20;

    private final Resolver resolver;
    private final DomainName receiver;
    private final InstantSource clock;
    private final Optional<Provider> provider;
    private final DnsAllowance allowance;
    private final DkimVerifier dkim;
    private final ArcVerifier arc;

    /// @param resolver tells what domains publish
    /// @param receiver the name of the host that checks
    /// @param clock tells which signatures have expired
    /// @param provider checks signatures, where it knows the algorithm; else the JDK does
    public SenderAuthentication(
            Resolver resolver, DomainName receiver, InstantSource clock, Optional<Provider> provider) {
        this(resolver, receiver, clock, provider, DnsAllowance.USUAL);
    }

    private SenderAuthentication(
            Resolver resolver,
            DomainName receiver,
            InstantSource clock,
            Optional<Provider> provider,
            DnsAllowance allowance) {
        this.resolver = resolver;
        this.receiver = receiver;
        this.clock = clock;
        this.provider = provider;
        this.allowance = allowance;
        this.dkim = new DkimVerifier(resolver, DkimSettings.usual(), clock, provider);
        this.arc = new ArcVerifier(resolver, DkimSettings.usual(), clock, provider);
    }

    /// The same check with other bounds for what each of its methods may ask of DNS.
    ///
    /// iprev, SPF of either identity and ARC have this much each, beside one another, and then DMARC of each
    /// author; a DKIM signature has one question. So a check of one author ends within twice the time, one of
    /// four within five times, and the time of the last question of each.
    public SenderAuthentication allowing(DnsAllowance other) {
        return new SenderAuthentication(resolver, receiver, clock, provider, other);
    }

    private Resolver bounded() {
        return new BoundedResolver(resolver, clock, allowance);
    }

    /// Who brought a message, and in whose name.
    public record Bearer(InetAddress client, String helo, ReversePath sender) {}

    /// Checks one message; waits for DNS.
    ///
    /// @throws MessageReader.HeaderTooLongException if its header section is longer than {@link
    ///     #LONGEST_HEADER}
    /// @throws IOException if the content cannot be read
    public AuthenticationReport check(Bearer bearer, Content content) throws IOException {
        try (ExecutorService beside = Executors.newVirtualThreadPerTaskExecutor();
                InputStream octets = content.open()) {
            MessageReader message = MessageReader.read(octets, LONGEST_HEADER);
            Way way = new Way(bearer, beside);
            DkimVerification signing = dkim.begin(message.header());
            ArcVerification sealing = arc.begin(message.header());
            BodySink.feed(message.body(), List.of(signing, sealing));
            Author author = author(message, content);
            Future<ArcResult> arcResult = beside.submit(() -> sealing.finish(bounded()));
            DkimResults signatures = signing.finish(new AskedAhead(resolver, signing.keyNames(), beside));
            AuthenticationReport.Path path = way.end();
            DmarcResult dmarc = new DmarcVerifier(this::bounded)
                    .check(author, authentications(bearer, path.mailFrom(), signatures));
            ArcResult chain = await(arcResult);
            List<DnsEvidence> evidence = way.evidence();
            signatures.each().forEach(one -> evidence.addAll(one.findings().evidence()));
            evidence.addAll(chain.findings().evidence());
            evidence.addAll(dmarc.evidence());
            return new AuthenticationReport(bearer, path, signatures, chain, author, dmarc, evidence);
        }
    }

    /// What is asked about the way of a message while its content is read, each question on a thread of its own.
    private final class Way {
        private final WitnessedResolver names = new WitnessedResolver(bounded());
        private final WitnessedResolver helo = new WitnessedResolver(bounded());
        private final WitnessedResolver sender = new WitnessedResolver(bounded());
        private final Future<IprevResult> iprev;
        private final Future<SpfResult> ofHelo;
        private final Future<SpfResult> ofSender;

        Way(Bearer bearer, ExecutorService threads) {
            SpfQuery query = new SpfQuery(bearer.client(), bearer.helo(), bearer.sender(), receiver);
            iprev = threads.submit(() -> new IprevVerifier(names).check(bearer.client()));
            ofHelo = threads.submit(() -> spf(helo).checkHelo(query));
            ofSender = threads.submit(() -> spf(sender).checkMailFrom(query));
        }

        private SpfVerifier spf(Resolver dns) {
            return new SpfVerifier(
                    dns, new SpfSettings(SpfSettings.RECOMMENDED.voidLookUps(), allowance.time()), clock);
        }

        AuthenticationReport.Path end() throws IOException {
            return new AuthenticationReport.Path(await(iprev), await(ofHelo), await(ofSender));
        }

        /// What DNS said, after the end.
        List<DnsEvidence> evidence() {
            List<DnsEvidence> all = new ArrayList<>(names.evidence());
            all.addAll(helo.evidence());
            all.addAll(sender.evidence());
            return all;
        }
    }

    /// Where the header ended early, readers may find an author in what follows, so that is read
    /// again.
    private static Author author(MessageReader message, Content content) throws IOException {
        try (InputStream again = content.open()) {
            return Author.of(
                    message.header(), MessageReader.read(again, LONGEST_HEADER).body());
        }
    }

    private static <T> T await(Future<T> answer) throws IOException {
        try {
            return answer.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the sender was checked", e);
        } catch (ExecutionException e) {
            throw new IOException("the sender could not be checked: " + e.getCause(), e);
        }
    }

    private static Authentications authentications(Bearer bearer, SpfResult spf, DkimResults signatures) {
        List<AuthenticatedDomain> passed = new ArrayList<>();
        List<AuthenticatedDomain> undecided = new ArrayList<>();
        Optional<DomainName> envelope = domain(bearer);
        if (spf.outcome() == SpfOutcome.PASS) {
            envelope.ifPresent(name -> passed.add(new AuthenticatedDomain(name, Mechanism.SPF)));
        } else if (spf.outcome() == SpfOutcome.TEMPERROR) {
            envelope.ifPresent(name -> undecided.add(new AuthenticatedDomain(name, Mechanism.SPF)));
        }
        for (DkimResult signature : signatures.each()) {
            Optional<AuthenticatedDomain> signer =
                    signature.claim().domain().map(name -> new AuthenticatedDomain(name, Mechanism.DKIM));
            if (signature.vouches()) {
                signer.ifPresent(passed::add);
            } else if (signature.outcome() == DkimOutcome.TEMPERROR) {
                signer.ifPresent(undecided::add);
            }
        }
        return new Authentications(passed, undecided);
    }

    /// The domain that SPF spoke of: the reverse-path's, or for the null path that of HELO.
    private static Optional<DomainName> domain(Bearer bearer) {
        return switch (bearer.sender()) {
            case NullPath _ -> DomainName.parse(bearer.helo());
            case Mailbox mailbox ->
                mailbox.host() instanceof Host.Domain(DomainName name) ? Optional.of(name) : Optional.empty();
        };
    }
}
