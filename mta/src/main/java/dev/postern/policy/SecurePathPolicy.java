package dev.postern.policy;

import dev.postern.route.Destination;
import dev.postern.route.Directory;
import dev.postern.route.Route;
import dev.postern.route.Router;
import dev.postern.smtp.EnhancedStatus;
import dev.postern.smtp.Recipient;
import dev.postern.smtp.Reply;
import dev.postern.spool.QueueId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/// Tells who may send mail to other servers, and demands TLS all the way (REQUIRETLS), at once where a recipient's mail
/// domain cannot be reached like that; says nothing of recipients that are ours, nor of what aliases lead on.
///
/// Used by all sessions; a lock guards what is remembered of routes and of how much was asked for each session, both of
/// which are bounded. It is not held while somebody is asked.
///
/// @rfc 8689 §4.2.1, §5
public final class SecurePathPolicy implements Policy {
    /// The name of the rule in decisions.
    public static final String RULE = "secure-path";

    /// Routes that are asked about for one session; what is beyond is told by reports.
    static final int PER_SESSION = 20;

    private static final String CLOSED =
            "REQUIRETLS cannot be kept: no server for this recipient's domain can be proven";
    private static final String UNKNOWN =
            "whether REQUIRETLS can be kept for this recipient's domain is not known now, try again later";

    private static final int MOST_SESSIONS = 1_000;
    private static final int MOST_ROUTES = 1_000;
    private static final Duration KEPT = Duration.ofMinutes(5);
    private static final Duration UNKNOWN_KEPT = Duration.ofSeconds(10);

    private final Predicate<SessionFacts> trusts;
    private final Directory directory;
    private final Router router;
    private final SecurePath path;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Kept> routes = bounded(MOST_ROUTES);
    private final Map<QueueId, Integer> asked = bounded(MOST_SESSIONS);

    /// @param trusts whether a client is a user, a program of this machine or a host that is listed
    /// @param directory tells what leaves this server
    /// @param router tells where to
    public SecurePathPolicy(
            Predicate<SessionFacts> trusts, Directory directory, Router router, SecurePath path, InstantSource clock) {
        this.trusts = trusts;
        this.directory = directory;
        this.router = router;
        this.path = path;
        this.clock = clock;
    }

    /// What was found, and until when that holds.
    private record Kept(SecurePath.Finding finding, Instant until) {}

    @Override
    public Verdict rcpt(SessionFacts session, MailFacts mail, Recipient recipient) {
        if (!mail.parameters().handling().requireTls()
                || !trusts.test(session)
                || !leaves(directory.destination(recipient.path()))) {
            return Verdict.noOpinion();
        }
        Route route = router.route(recipient.path(), mail.reversePath());
        return switch (route) {
            case Route.Mx _, Route.Smarthost _ -> judge(session, route);
            case Route.Local _, Route.Refused _ -> Verdict.noOpinion();
        };
    }

    private static boolean leaves(Destination destination) {
        return switch (destination) {
            case Destination.Remote _, Destination.Relayed _ -> true;
            case Destination.Inbox _,
                    Destination.Alias _,
                    Destination.Unknown _,
                    Destination.Returned _,
                    Destination.Signed _,
                    Destination.Unreturnable _ -> false;
        };
    }

    private Verdict judge(SessionFacts session, Route route) {
        Optional<SecurePath.Finding> known = known(route);
        if (known.isEmpty() && !mayAsk(session.session())) {
            return new Verdict.Accept(
                    RULE,
                    "no more is looked at for this session: what cannot go under TLS comes back",
                    Map.of("asked", Integer.toString(PER_SESSION)));
        }
        SecurePath.Finding finding = known.orElseGet(() -> ask(route));
        Map<String, String> inputs = new LinkedHashMap<>();
        inputs.put("route", route.lane());
        inputs.putAll(finding.inputs());
        return switch (finding) {
            case SecurePath.Finding.Open _ ->
                new Verdict.Accept(RULE, "nothing known beforehand keeps it from going under TLS", inputs);
            case SecurePath.Finding.Closed(EnhancedStatus status, String why, Map<String, String> _) ->
                new Verdict.Reject(RULE, why, inputs, reply(550, status, CLOSED));
            case SecurePath.Finding.Unknown(EnhancedStatus status, String why, Map<String, String> _) ->
                new Verdict.Defer(RULE, why, inputs, reply(451, status, UNKNOWN));
        };
    }

    /// The names that DNS told are for the operator.
    private static Reply reply(int code, EnhancedStatus status, String text) {
        return new Reply(code, Optional.of(status), List.of(text));
    }

    private Optional<SecurePath.Finding> known(Route route) {
        lock.lock();
        try {
            return Optional.ofNullable(routes.get(route.lane()))
                    .filter(kept -> clock.instant().isBefore(kept.until()))
                    .map(Kept::finding);
        } finally {
            lock.unlock();
        }
    }

    private boolean mayAsk(QueueId session) {
        lock.lock();
        try {
            return asked.merge(session, 1, Integer::sum) <= PER_SESSION;
        } finally {
            lock.unlock();
        }
    }

    private SecurePath.Finding ask(Route route) {
        SecurePath.Finding finding = path.along(route);
        Duration time = finding instanceof SecurePath.Finding.Unknown ? UNKNOWN_KEPT : KEPT;
        lock.lock();
        try {
            routes.put(route.lane(), new Kept(finding, clock.instant().plus(time)));
        } finally {
            lock.unlock();
        }
        return finding;
    }

    private static <K, V> Map<K, V> bounded(int most) {
        return new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > most;
            }
        };
    }
}
