package dev.postern.acme;

import dev.postern.crypto.SelfSigned;
import dev.postern.dns.DomainName;
import dev.postern.event.Events;
import dev.postern.event.IoFault;
import dev.postern.tls.TrustedRoots;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.shredzone.acme4j.AccountBuilder;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.Identifier;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.OrderBuilder;
import org.shredzone.acme4j.Problem;
import org.shredzone.acme4j.RenewalInfo;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.challenge.Challenge;
import org.shredzone.acme4j.challenge.Dns01Challenge;
import org.shredzone.acme4j.challenge.Http01Challenge;
import org.shredzone.acme4j.challenge.TlsAlpn01Challenge;
import org.shredzone.acme4j.connector.NetworkSettings;
import org.shredzone.acme4j.connector.Resource;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeNetworkException;
import org.shredzone.acme4j.exception.AcmeRateLimitedException;
import org.shredzone.acme4j.exception.AcmeServerException;
import org.shredzone.acme4j.provider.GenericAcmeProvider;

/// An authority that speaks ACME. Each conversation begins with the account, which the authority knows by its key.
///
/// @spec https://www.rfc-editor.org/rfc/rfc8555 RFC 8555
final class AcmeAuthority implements CertificateAuthority {
    private static final Duration REQUEST = Duration.ofSeconds(30);
    private static final int MOST_OCTETS = 256 * 1024;
    private static final int MOST_WORDS = 1000;
    private static final Duration STEP = Duration.ofMinutes(5);
    private static final Duration ASK_AGAIN = Duration.ofHours(6);
    private static final Duration ASK_AGAIN_SOON = Duration.ofMinutes(1);

    private final AcmeSettings settings;
    private final AcmeFolder folder;
    private final ChallengeBoard board;
    private final InstantSource clock;
    private final Events events;

    AcmeAuthority(AcmeSettings settings, AcmeFolder folder, ChallengeBoard board, InstantSource clock, Events events) {
        this.settings = settings;
        this.folder = folder;
        this.board = board;
        this.clock = clock;
        this.events = events;
    }

    @Override
    public Issuance issue(Order order) throws InterruptedException {
        try (Conversation conversation = new Conversation()) {
            return conversation.issue(order);
        } catch (AcmeRateLimitedException limited) {
            return new Issuance.Failed(words(limited.getProblem()), limited.getRetryAfter());
        } catch (AcmeServerException refused) {
            return new Issuance.Failed(words(refused.getProblem()), Optional.empty());
        } catch (AcmeNetworkException unreached) {
            return new Issuance.Failed(
                    settings.authority().directory().getAuthority() + " cannot be asked: "
                            + reason(unreached.getCause()),
                    Optional.empty());
        } catch (AcmeException | RuntimeException oddAnswer) {
            return new Issuance.Failed(words(oddAnswer), Optional.empty()); // the library throws either
        } catch (IOException e) {
            return new Issuance.Failed(IoFault.sentence(e), Optional.empty());
        }
    }

    @Override
    public Optional<RenewalWindow> window(X509Certificate certificate) {
        try (Conversation conversation = new Conversation()) {
            return conversation.window(certificate);
        } catch (AcmeException | RuntimeException | IOException notSaid) {
            return Optional.empty(); // then a part of its life decides
        }
    }

    /// Why there was no answer: the JDK often leaves it to the class.
    private static String reason(@Nullable Throwable cause) {
        if (cause != null && cause.getCause() instanceof UnresolvedAddressException) {
            return "its name has no address";
        }
        return switch (cause) {
            case null -> "its answers break off";
            case HttpTimeoutException _ -> "it did not answer in time";
            case ConnectException _ -> "nobody listens there, or no way leads there";
            case SSLException tls -> "no TLS, " + tls.getMessage();
            default -> cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        };
    }

    private static String words(Exception e) {
        Throwable cause = e.getCause();
        return shortly(
                cause == null
                                || cause.getMessage() == null
                                || cause.getMessage().equals(e.getMessage())
                        ? String.valueOf(e.getMessage() == null ? e : e.getMessage())
                        : e.getMessage() + ": " + cause.getMessage());
    }

    /// An authority may say much.
    private static String shortly(String words) {
        return words.length() <= MOST_WORDS ? words : words.substring(0, MOST_WORDS) + " ...";
    }

    private static String words(Problem problem) {
        StringBuilder words = new StringBuilder(problem.toString());
        problem.getSubProblems().forEach(sub -> words.append("; ").append(sub));
        return shortly(words.toString());
    }

    /// One session with the authority, over connections of its own.
    private final class Conversation implements AutoCloseable {
        private final Session session;
        private final Login login;

        Conversation() throws AcmeException, IOException {
            session = new Session(
                    settings.authority().directory(),
                    new Provider(settings.authority().roots()));
            session.networkSettings().setTimeout(REQUEST);
            session.networkSettings().setCompressionEnabled(false);
            AccountBuilder account = new AccountBuilder()
                    .agreeToTermsOfService()
                    .useKeyPair(folder.account(settings.authority().directory()));
            settings.authority().contacts().forEach(account::addContact);
            settings.authority()
                    .external()
                    .ifPresent(external -> account.withKeyIdentifier(external.keyId(), external.macKey()));
            try {
                login = account.createLogin(session);
            } catch (AcmeException | RuntimeException e) {
                close();
                throw e;
            }
        }

        @Override
        public void close() {
            session.getHttpClient().shutdownNow();
        }

        Issuance issue(Order wanted) throws AcmeException, IOException, InterruptedException {
            OrderBuilder builder = login.newOrder()
                    .domains(wanted.names().stream().map(DomainName::text).toList());
            // RFC 9773 §5
            if (session.resourceUrlOptional(Resource.RENEWAL_INFO).isPresent()) {
                wanted.replaces().ifPresent(builder::replaces);
            }
            org.shredzone.acme4j.Order order = builder.create();
            List<Authorization> authorizations = order.getAuthorizations();
            if (authorizations.size() > wanted.names().size()) {
                return failed("the authority wants more proofs than there are names", Optional.empty());
            }
            for (Authorization authorization : authorizations) {
                String name = authorization.getIdentifier().getValue();
                if (DomainName.parse(name).filter(wanted.names()::contains).isEmpty()) {
                    return failed("the authority wants a proof for " + shortly(name), Optional.empty());
                }
                Optional<Issuance> failure = authorize(authorization);
                if (failure.isPresent()) {
                    return failure.get();
                }
            }
            if (order.waitUntilReady(STEP) != Status.READY) {
                return failed("the order did not become ready", order.getError());
            }
            order.execute(wanted.key());
            if (order.waitForCompletion(STEP) != Status.VALID) {
                return failed("the order was not completed", order.getError());
            }
            return issued(order.getCertificate().getCertificateChain(), wanted);
        }

        private Issuance issued(List<X509Certificate> chain, Order wanted) {
            return chain.getFirst().getPublicKey().equals(wanted.key().getPublic())
                    ? new Issuance.Issued(chain)
                    : new Issuance.Failed("the certificate that came is for another key", Optional.empty());
        }

        /// Proves that one name is ours; empty where that has succeeded.
        private Optional<Issuance> authorize(Authorization authorization)
                throws AcmeException, IOException, InterruptedException {
            if (authorization.getStatus() == Status.VALID) {
                return Optional.empty();
            }
            Identifier name = authorization.getIdentifier();
            Optional<Challenge> challenge =
                    authorization.findChallenge(settings.challenge().toString());
            if (challenge.isEmpty()) {
                List<String> offered = new ArrayList<>();
                authorization.getChallenges().forEach(one -> offered.add(one.getType()));
                return Optional.of(new Issuance.Failed(
                        shortly("the authority does not take " + settings.challenge() + " for " + name.getValue()
                                + ", only " + String.join(", ", offered)),
                        Optional.empty()));
            }
            Proof proof = proof(challenge.get(), name);
            try {
                board.show(proof);
                challenge.get().trigger();
                if (authorization.waitForCompletion(STEP) == Status.VALID) {
                    return Optional.empty();
                }
                challenge.get().fetch();
                return Optional.of(failed(
                        name.getValue() + " was not proven by " + settings.challenge(),
                        challenge.get().getError()));
            } finally {
                withdraw(proof);
            }
        }

        private Proof proof(Challenge challenge, Identifier name) throws IOException {
            return switch (challenge) {
                case Http01Challenge http -> new Proof.HttpPage(http.getToken(), http.getAuthorization());
                case TlsAlpn01Challenge tls ->
                    new Proof.TlsCertificate(
                            DomainName.of(name.getValue()),
                            SelfSigned.proof(name.getValue(), tls.getAcmeValidation(), clock.instant()));
                case Dns01Challenge dns ->
                    new Proof.TextRecord(DomainName.of("_acme-challenge." + name.getValue()), dns.getDigest());
                default -> throw new IOException("there is no proof for " + challenge.getType());
            };
        }

        private void withdraw(Proof proof) throws InterruptedException {
            try {
                board.withdraw(proof);
            } catch (IOException e) {
                events.emit(new AcmeEvent.ProofLeft(proof.toString(), IoFault.sentence(e)));
            }
        }

        private Issuance failed(String what, Optional<Problem> problem) {
            return new Issuance.Failed(
                    what + problem.map(why -> ": " + words(why)).orElse(""), Optional.empty());
        }

        Optional<RenewalWindow> window(X509Certificate certificate) throws AcmeException {
            if (session.resourceUrlOptional(Resource.RENEWAL_INFO).isEmpty()) {
                return Optional.empty();
            }
            RenewalInfo info = login.bindRenewalInfo(certificate);
            Instant now = clock.instant();
            Instant again = info.fetch().orElse(now.plus(ASK_AGAIN));
            Instant start = info.getSuggestedWindowStart();
            Instant end = info.getSuggestedWindowEnd();
            // RFC 9773 §4.2: the end is after the start; §4.3.2: bounds for the next look
            return end.isAfter(start)
                    ? Optional.of(new RenewalWindow(
                            start, end, info.getExplanation().map(Object::toString), bounded(again, now)))
                    : Optional.empty();
        }

        private static Instant bounded(Instant again, Instant now) {
            Instant least = now.plus(ASK_AGAIN_SOON);
            Instant most = now.plus(Duration.ofDays(1));
            return again.isBefore(least) ? least : again.isAfter(most) ? most : again;
        }
    }

    /// How its address is reached.
    private static final class Provider extends GenericAcmeProvider {
        private final List<X509Certificate> roots;

        Provider(List<X509Certificate> roots) {
            this.roots = roots;
        }

        @Override
        public HttpClient createHttpClient(NetworkSettings network) {
            HttpClient.Builder client = HttpClient.newBuilder()
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(network.getTimeout());
            if (!roots.isEmpty()) {
                client.sslContext(trusting());
            }
            return new BoundedHttp(client.build(), MOST_OCTETS, REQUEST);
        }

        private SSLContext trusting() {
            try {
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(null, TrustedRoots.managers(roots), null);
                return context;
            } catch (GeneralSecurityException | IOException e) {
                throw new IllegalStateException("the JDK has no TLS: " + e.getMessage(), e);
            }
        }
    }
}
