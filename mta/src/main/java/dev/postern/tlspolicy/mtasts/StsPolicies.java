package dev.postern.tlspolicy.mtasts;

import dev.postern.dns.DomainName;
import dev.postern.dns.Resolver;
import dev.postern.event.Events;
import dev.postern.tlspolicy.TlsTrial;
import dev.postern.wire.Deadline;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/// The policies of mail domains: found, fetched, kept for as long as they are in force, and fetched again before they
/// end.
///
/// Used by any number of threads; `lock` guards what is kept, what failed and what is under way, and is not held
/// while anybody is asked. What is kept outlives whatever becomes of the record and of the host of the file: only
/// another policy, or its age, ends it.
///
/// @spec https://www.rfc-editor.org/rfc/rfc8461 RFC 8461
/// @rfc 8461 §5.1
public final class StsPolicies implements StsSource {
    private final StsSettings settings;
    private final Ground ground;
    private final PolicyHost host;
    private final Semaphore waiting;
    private final ReentrantLock lock = new ReentrantLock();
    private final PolicyCache kept;
    private final FailedFetches failures;
    private final Map<DomainName, Fetch> underWay = new HashMap<>();

    /// What policies are found by.
    ///
    /// @param fetcher gets files
    /// @param background runs fetches, each of which blocks for a minute at most
    public record Ground(
            Resolver resolver, PolicyFetcher fetcher, Executor background, InstantSource clock, Events events) {}

    /// A fetch of one domain's policy.
    ///
    /// @param patience until when look-ups wait for it
    /// @param over counted down when it is
    private record Fetch(DomainName domain, StsRecord id, Deadline patience, CountDownLatch over) {}

    /// What is known of a domain whose policy is announced.
    private sealed interface Known {
        record Settled(StsFinding finding) implements Known {}

        record Begun(Fetch fetch, boolean byUs) implements Known {}
    }

    /// Knows no policy yet.
    public StsPolicies(StsSettings settings, Ground ground) {
        this.settings = settings;
        this.ground = ground;
        this.host = new PolicyHost(ground.fetcher(), settings.port());
        this.waiting = new Semaphore(settings.waiting());
        this.kept = new PolicyCache(settings.domains());
        this.failures = new FailedFetches(settings.domains());
    }

    @Override
    public StsFinding of(DomainName domain) {
        return switch (Announcement.of(domain, ground.resolver())) {
            case Announcement.Present(StsRecord record) -> announced(domain, record);
            case Announcement.Absent(String why) -> unannounced(domain, why);
            case Announcement.Unknown(String why) -> unannounced(domain, why);
        };
    }

    private StsFinding unannounced(DomainName domain, String why) {
        lock.lock();
        try {
            kept.asked(domain, ground.clock().instant());
            return inForce(domain)
                    .<StsFinding>map(policy -> inForce(policy, "; " + why))
                    .orElseGet(() -> new StsFinding.NoPolicy(why));
        } finally {
            lock.unlock();
        }
    }

    private StsFinding announced(DomainName domain, StsRecord record) {
        return switch (known(domain, record)) {
            case Known.Settled(StsFinding finding) -> finding;
            case Known.Begun(Fetch fetch, boolean byUs) -> {
                if (byUs) {
                    ground.background().execute(() -> run(fetch));
                }
                await(fetch);
                yield afterwards(domain, record);
            }
        };
    }

    /// What is known without a fetch, or the fetch that has to be waited for.
    private Known known(DomainName domain, StsRecord record) {
        lock.lock();
        try {
            Instant now = ground.clock().instant();
            kept.asked(domain, now);
            Optional<KeptPolicy> policy = inForce(domain);
            if (policy.isPresent()
                    && (policy.get().id().equals(record) || policy.get().isFresh(now))) {
                return new Known.Settled(inForce(policy.get(), ""));
            }
            Fetch fetch = underWay.get(domain);
            if (fetch != null) {
                return new Known.Begun(fetch, false);
            }
            Optional<FailedFetch> failed = failures.forbidding(domain, record, now);
            if (failed.isPresent()) {
                return new Known.Settled(without(policy, failed.get()));
            }
            if (underWay.size() >= settings.fetches()) {
                return new Known.Settled(without(policy, "too many policies are being fetched at once"));
            }
            return new Known.Begun(begin(domain, record), true);
        } finally {
            lock.unlock();
        }
    }

    private StsFinding afterwards(DomainName domain, StsRecord record) {
        lock.lock();
        try {
            Optional<KeptPolicy> policy = inForce(domain);
            if (policy.isPresent() && policy.get().id().equals(record)) {
                return inForce(policy.get(), "");
            }
            if (underWay.containsKey(domain)) {
                return without(policy, "its policy is still being fetched");
            }
            return failures.last(domain)
                    .map(failed -> without(policy, failed))
                    .orElseGet(() -> without(policy, "its policy was not fetched"));
        } finally {
            lock.unlock();
        }
    }

    private Fetch begin(DomainName domain, StsRecord id) {
        Fetch fetch = new Fetch(domain, id, Deadline.after(settings.patience()), new CountDownLatch(1));
        underWay.put(domain, fetch);
        return fetch;
    }

    /// Waits for a fetch for as long as one may, if there are not too many who wait.
    private void await(Fetch fetch) {
        if (!waiting.tryAcquire()) {
            return;
        }
        try {
            boolean _ = fetch.over().await(fetch.patience().remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            waiting.release();
        }
    }

    private void run(Fetch fetch) {
        try {
            note(fetch, host.of(fetch.domain()));
        } finally {
            over(fetch);
        }
    }

    private void over(Fetch fetch) {
        lock.lock();
        try {
            underWay.remove(fetch.domain(), fetch);
        } finally {
            lock.unlock();
        }
        fetch.over().countDown();
    }

    private void note(Fetch fetch, PolicyHost.Fetched fetched) {
        Optional<StsEvent> event;
        lock.lock();
        try {
            event = switch (fetched) {
                case PolicyHost.Fetched.Policy(StsPolicy policy) -> keep(fetch, policy);
                case PolicyHost.Fetched.Failure failure -> failed(fetch, failure);
            };
        } finally {
            lock.unlock();
        }
        event.ifPresent(ground.events()::emit);
    }

    private Optional<StsEvent> keep(Fetch fetch, StsPolicy policy) {
        Instant now = ground.clock().instant();
        Optional<KeptPolicy> former = kept.get(fetch.domain());
        kept.put(new KeptPolicy(
                fetch.domain(),
                fetch.id(),
                policy,
                now,
                former.map(KeptPolicy::asked).orElse(now)));
        failures.remove(fetch.domain());
        boolean same = former.isPresent()
                && former.get().policy().equals(policy)
                && former.get().id().equals(fetch.id());
        return same
                ? Optional.empty()
                : Optional.of(new StsEvent.StsPolicyFetched(
                        fetch.domain(), fetch.id().id(), policy.mode().word(), policy.hosts(), policy.maxAge()));
    }

    private Optional<StsEvent> failed(Fetch fetch, PolicyHost.Fetched.Failure failure) {
        failures.add(fetch.domain(), fetch.id(), failure, ground.clock().instant());
        Optional<KeptPolicy> policy = inForce(fetch.domain());
        if (policy.isEmpty()) {
            return Optional.of(new StsEvent.StsPolicyUnavailable(
                    fetch.domain(), fetch.id().id(), failure.result(), failure.why()));
        }
        // RFC 8461 §10.2: nobody needs to hear of a policy that asks for nothing
        return policy.get().policy().mode() == StsPolicy.Mode.NONE
                ? Optional.empty()
                : Optional.of(new StsEvent.StsPolicyKept(
                        fetch.domain(), policy.get().id().id(), policy.get().until(), failure.result(), failure.why()));
    }

    /// Begins to fetch policies again whose time has come, and forgets those that have ended; to be called about
    /// once a minute. It does not wait, and half of the fetches that may be under way are left to mail.
    ///
    /// @rfc 8461 §10.2
    public void refresh() {
        List<Fetch> begun = new ArrayList<>();
        List<StsEvent> ended = new ArrayList<>();
        lock.lock();
        try {
            Instant now = ground.clock().instant();
            for (KeptPolicy policy : kept.all()) {
                if (!policy.isInForce(now)) {
                    kept.remove(policy.domain());
                    ended.add(new StsEvent.StsPolicyExpired(
                            policy.domain(), policy.id().id()));
                } else if (underWay.size() < settings.fetches() / 2 && isDue(policy, now)) {
                    begun.add(begin(policy.domain(), policy.id()));
                }
            }
        } finally {
            lock.unlock();
        }
        ended.forEach(ground.events()::emit);
        begun.forEach(fetch -> ground.background().execute(() -> runAgain(fetch)));
    }

    private boolean isDue(KeptPolicy policy, Instant now) {
        return policy.isDue(now)
                && !underWay.containsKey(policy.domain())
                && failures.forbidding(policy.domain(), policy.id(), now).isEmpty();
    }

    /// Fetches a policy again under the identifier that it has now. A domain that announces none any more is left
    /// alone: what is kept of it ends by its age. Where the record cannot be looked up the file alone will do, so
    /// that silencing DNS is not enough to end a policy.
    private void runAgain(Fetch fetch) {
        try {
            switch (Announcement.of(fetch.domain(), ground.resolver())) {
                case Announcement.Present(StsRecord record) ->
                    note(new Fetch(fetch.domain(), record, fetch.patience(), fetch.over()), host.of(fetch.domain()));
                case Announcement.Unknown _ -> note(fetch, host.of(fetch.domain()));
                case Announcement.Absent(String why) -> leaveAlone(fetch, why);
            }
        } finally {
            over(fetch);
        }
    }

    private void leaveAlone(Fetch fetch, String why) {
        lock.lock();
        try {
            PolicyHost.Fetched.Failure failure =
                    new PolicyHost.Fetched.Failure(TlsTrial.Result.STS_POLICY_FETCH_ERROR, why);
            failures.add(fetch.domain(), fetch.id(), failure, ground.clock().instant());
        } finally {
            lock.unlock();
        }
    }

    /// The policy of a domain that is in force.
    private Optional<KeptPolicy> inForce(DomainName domain) {
        Instant now = ground.clock().instant();
        return kept.get(domain).filter(policy -> policy.isInForce(now));
    }

    private static StsFinding inForce(KeptPolicy policy, String more) {
        return new StsFinding.InForce(
                policy.policy(),
                "the policy " + policy.id().id() + " (" + policy.policy().mode().word() + ") was fetched "
                        + policy.fetched() + " and holds until " + policy.until() + more);
    }

    private static StsFinding without(Optional<KeptPolicy> policy, FailedFetch failed) {
        return policy.isPresent()
                ? inForce(policy.get(), "; a newer one cannot be had: " + failed.why())
                : new StsFinding.Unavailable(failed.result(), failed.why());
    }

    private static StsFinding without(Optional<KeptPolicy> policy, String why) {
        return policy.isPresent()
                ? inForce(policy.get(), "; a newer one is announced, but " + why)
                : new StsFinding.Unavailable(TlsTrial.Result.STS_POLICY_FETCH_ERROR, why);
    }

    /// What is kept at one moment.
    ///
    /// @param version another one whenever something else is kept
    public record Remembered(List<KeptPolicy> policies, long version) {}

    /// What is kept now, those that were asked for last at the end.
    public Remembered remembered() {
        lock.lock();
        try {
            return new Remembered(kept.all(), kept.version());
        } finally {
            lock.unlock();
        }
    }

    /// Which version of what is kept is the present one.
    public long version() {
        lock.lock();
        try {
            return kept.version();
        } finally {
            lock.unlock();
        }
    }

    /// Keeps policies of before, unless they have ended. One that claims to be of the future was fetched now: a
    /// clock that was wrong must not make it live longer than it says.
    public void restore(List<KeptPolicy> policies) {
        lock.lock();
        try {
            Instant now = ground.clock().instant();
            for (KeptPolicy policy : policies) {
                KeptPolicy past = policy.fetched().isAfter(now)
                        ? new KeptPolicy(policy.domain(), policy.id(), policy.policy(), now, now)
                        : policy;
                if (past.isInForce(now)) {
                    kept.put(past);
                }
            }
        } finally {
            lock.unlock();
        }
    }
}
