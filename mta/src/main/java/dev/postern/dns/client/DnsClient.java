package dev.postern.dns.client;

import dev.postern.dns.DnsAnswer;
import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.dns.Resolver;
import dev.postern.wire.Deadline;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;

/// The resolver that asks recursive name servers; shared by all threads, guarded by its concurrent maps; starts no
/// thread.
///
/// A question is looked for in the cache, then joined to the same question of another thread if one is under way, then
/// put to the servers: in order, those that were silent the last time after the others, and again until every try is
/// used up. An answer that is none (SERVFAIL, REFUSED, unreadable) sends the question on to the next server at once; a
/// server is asked again only if it was silent. Only what a server that is asked says about the question itself is
/// believed, and where we validate ourselves only what DNSSEC leaves room for.
///
/// @spec https://www.rfc-editor.org/rfc/rfc1035 RFC 1035
public final class DnsClient implements Resolver, AutoCloseable {
    private final DnsSettings settings;
    private final List<Upstream> upstreams;
    private final AnswerCache cache;
    private final ConcurrentMap<Question, CompletableFuture<Optional<DnsAnswer<?>>>> underWay =
            new ConcurrentHashMap<>();
    private final SecureRandom random = new SecureRandom();
    private final InstantSource clock;
    private volatile Optional<Validator> validator;
    private volatile boolean closed;

    /// A resolver that asks these servers.
    ///
    /// @param clock by which signatures are valid
    public DnsClient(DnsSettings settings, InstantSource clock) {
        this(settings, clock, System::nanoTime);
    }

    /// @param nanoTime the clock by which answers in the cache grow old
    DnsClient(DnsSettings settings, InstantSource clock, LongSupplier nanoTime) {
        this.settings = settings;
        this.clock = clock;
        this.upstreams = settings.servers().stream()
                .map(server -> new Upstream(server, settings.inFlight()))
                .toList();
        this.cache = new AnswerCache(settings.cache(), nanoTime);
        this.validator = switch (settings.validation()) {
            case Validation.Off _, Validation.ByServers _ -> Optional.empty();
            case Validation.Self(TrustAnchors anchors) -> Optional.of(validator(anchors));
        };
    }

    private Validator validator(TrustAnchors anchors) {
        return new Validator(anchors, clock, this::unchecked);
    }

    /// Validates by other anchors from now on, and forgets what it knew; only where we validate ourselves.
    ///
    /// @throws IllegalStateException if others validate, or nobody
    public void trust(TrustAnchors anchors) {
        if (validator.isEmpty()) {
            throw new IllegalStateException("nothing is validated here");
        }
        validator = Optional.of(validator(anchors));
        cache.clear();
    }

    @Override
    public <R> DnsAnswer<R> resolve(DomainName name, RecordType<R> type) {
        Deadline deadline = Deadline.after(settings.longest());
        try {
            while (!closed) {
                Optional<DnsAnswer<R>> answer = cache.get(name, type);
                if (answer.isEmpty()) {
                    answer = once(name, type, deadline);
                }
                if (answer.isPresent()) {
                    return answer.get();
                }
                // the thread that asked for us was interrupted: ask ourselves
            }
            return new DnsAnswer.Failed<>("the resolver is closed");
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return new DnsAnswer.Failed<>("the thread that asked was interrupted");
        }
    }

    /// Asks, or waits for the thread that is asking the same.
    private <R> Optional<DnsAnswer<R>> once(DomainName name, RecordType<R> type, Deadline deadline)
            throws InterruptedException {
        Question question = new Question(name, type);
        CompletableFuture<Optional<DnsAnswer<?>>> ours = new CompletableFuture<>();
        CompletableFuture<Optional<DnsAnswer<?>>> theirs = underWay.putIfAbsent(question, ours);
        if (theirs != null) {
            return await(theirs, deadline);
        }
        Optional<DnsAnswer<?>> outcome = Optional.empty();
        try {
            DnsAnswer<R> answer = ask(name, type, deadline);
            cache.put(name, type, answer);
            outcome = Optional.of(answer);
            return Optional.of(answer);
        } finally {
            underWay.remove(question, ours);
            ours.complete(outcome);
        }
    }

    /// The question is the same, and so is the type of what its records hold.
    @SuppressWarnings("unchecked")
    private static <R> Optional<DnsAnswer<R>> await(CompletableFuture<Optional<DnsAnswer<?>>> theirs, Deadline deadline)
            throws InterruptedException {
        try {
            return theirs.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)
                    .map(answer -> (DnsAnswer<R>) answer);
        } catch (TimeoutException late) {
            return Optional.of(new DnsAnswer.Failed<>("the same question of another thread found no answer in time"));
        } catch (ExecutionException never) {
            throw new IllegalStateException("a question ended in an exception", never);
        }
    }

    private <R> DnsAnswer<R> ask(DomainName name, RecordType<R> type, Deadline deadline) throws InterruptedException {
        AnswerReader<R> reader = new AnswerReader<>(name, type, wish() != Query.Wish.RECURSION);
        Optional<DomainName> at = Optional.of(name);
        while (at.isPresent()) {
            switch (put(Inquiry.of(new Question(at.get(), type)), deadline)) {
                case Upstream.Reply.Unanswered unanswered -> {
                    return new DnsAnswer.Failed<>(unanswered.why());
                }
                case Upstream.Reply.Answered answered -> {
                    Optional<DnsAnswer<R>> answer = reader.take(answered.message(), clock.instant());
                    if (answer.isPresent()) {
                        return answer.get();
                    }
                }
            }
            at = reader.next(); // each one is an alias further, and the reader bounds their number
        }
        return new DnsAnswer.Failed<>(name + " is an alias of a name that cannot be asked for");
    }

    private Upstream.Reply put(Inquiry inquiry, Deadline deadline) throws InterruptedException {
        Optional<Validator> own = validator;
        return own.isPresent() ? own.get().ask(inquiry, deadline) : exchange(inquiry, wish(), deadline);
    }

    private Query.Wish wish() {
        return switch (settings.validation()) {
            case Validation.Off _ -> Query.Wish.RECURSION;
            case Validation.ByServers _ -> Query.Wish.AUTHENTIC;
            case Validation.Self _ -> Query.Wish.UNCHECKED;
        };
    }

    /// How long one question may take.
    Duration patience() {
        return settings.longest();
    }

    /// An answer with all its signatures, which nobody has checked, past the cache.
    ///
    /// @throws InterruptedException if the thread was interrupted
    Upstream.Reply unchecked(Inquiry inquiry, Deadline deadline) throws InterruptedException {
        return exchange(inquiry, Query.Wish.UNCHECKED, deadline);
    }

    private Upstream.Reply exchange(Inquiry inquiry, Query.Wish wish, Deadline deadline) throws InterruptedException {
        Set<String> whys = new LinkedHashSet<>();
        Set<Upstream> refusing = new HashSet<>();
        for (int round = 0; round < settings.tries(); round++) {
            for (Upstream upstream : inOrder()) {
                if (closed || deadline.passed()) {
                    break;
                }
                if (refusing.contains(upstream)) {
                    continue;
                }
                Query query = new Query(inquiry, random, wish);
                switch (upstream.ask(query, deadline, settings.perTry())) {
                    case Upstream.Reply.Answered answered -> {
                        int code = answered.message().getRcode();
                        if (code == Rcode.NOERROR || code == Rcode.NXDOMAIN) {
                            return answered;
                        }
                        refusing.add(upstream);
                        whys.add(upstream.server() + " answered " + words(answered.message()) + " for " + inquiry);
                    }
                    case Upstream.Reply.Unanswered unanswered -> whys.add(unanswered.why());
                }
            }
        }
        return new Upstream.Reply.Unanswered(whys.isEmpty() ? "there was no time to ask" : String.join("; ", whys));
    }

    private List<Upstream> inOrder() {
        List<Upstream> silent = new ArrayList<>();
        List<Upstream> order = new ArrayList<>();
        for (Upstream upstream : upstreams) {
            (upstream.isSilent() ? silent : order).add(upstream);
        }
        order.addAll(silent);
        return order;
    }

    /// The response code, and the extended error behind it where there is one (RFC 8914).
    static String words(Message message) {
        StringBuilder words = new StringBuilder(Rcode.string(message.getRcode()));
        OPTRecord options = message.getOPT();
        if (options != null) {
            for (EDNSOption option : options.getOptions()) {
                if (option instanceof ExtendedErrorCodeOption error) {
                    words.append(" (")
                            .append(ExtendedErrorCodeOption.text(error.getErrorCode()))
                            .append(')');
                }
            }
        }
        return words.toString();
    }

    /// Ends the questions under way, and fails all later ones.
    @Override
    public void close() {
        closed = true;
        upstreams.forEach(Upstream::close);
        cache.clear();
    }
}
