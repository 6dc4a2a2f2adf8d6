package dev.postern.acme;

import dev.postern.crypto.CertificateNames;
import dev.postern.crypto.Identity;
import dev.postern.crypto.SelfSigned;
import dev.postern.dns.DomainName;
import dev.postern.event.Events;
import dev.postern.event.IoFault;
import java.io.IOException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/// Sees to it that there is a certificate of each wanted kind: orders it when there is none, and again at the
/// moment that the authority wants or when a third of its life is left. What there is stays until something
/// better is on disk.
///
/// Run by one platform thread of its own, since the library blocks it; {@link #use} may come from others.
/// `lock` guards the settings and wakes the thread; the rest belongs to the thread.
public final class AcmeKeeper implements Runnable {
    private static final int PART = 3;

    /// A clock that is set is noticed after this time.
    private static final Duration LONGEST_SLEEP = Duration.ofMinutes(30);

    private static final Duration LONGEST_WAIT = Duration.ofDays(7);

    private static final Duration LEAST_USE = Duration.ofDays(2);

    private static final Duration SHORTEST_SLEEP = Duration.ofSeconds(1);

    private final Ground ground;
    private final Runnable arrived;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private Optional<AcmeSettings> settings;
    private Optional<AcmeSettings> served = Optional.empty();
    private final Map<SelfSigned.Kind, Plan> plans = new EnumMap<>(SelfSigned.Kind.class);
    private Instant exhaustionTold = Instant.EPOCH;

    /// What is needed around it.
    ///
    /// @param keys says which keys stay at a renewal
    public record Ground(
            AcmeFolder folder,
            ChallengeBoard board,
            KeyChoice keys,
            InstantSource clock,
            RandomGenerator random,
            Events events) {}

    /// When a certificate is to be renewed as the authority wants it.
    ///
    /// @param moment empty where it does not say
    private record Plan(X509Certificate certificate, Optional<Instant> moment, Instant askAgain) {}

    /// @param settings empty: nothing is ordered
    /// @param arrived called when a certificate has come
    public AcmeKeeper(Optional<AcmeSettings> settings, Ground ground, Runnable arrived) {
        this.settings = settings;
        this.ground = ground;
        this.arrived = arrived;
    }

    /// Takes other settings; what failed by the old ones is tried again at once.
    public void use(Optional<AcmeSettings> next) {
        lock.lock();
        try {
            settings = next;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Works until it is interrupted.
    @Override
    public void run() {
        try {
            while (true) {
                sleepUntil(round());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Optional<AcmeSettings> wanted() {
        lock.lock();
        try {
            return settings;
        } finally {
            lock.unlock();
        }
    }

    private void sleepUntil(Instant next) throws InterruptedException {
        Duration left = Duration.between(ground.clock().instant(), next);
        Duration sleep = left.compareTo(LONGEST_SLEEP) > 0 ? LONGEST_SLEEP : left;
        lock.lock();
        try {
            long nanos = (sleep.compareTo(SHORTEST_SLEEP) < 0 ? SHORTEST_SLEEP : sleep).toNanos();
            while (nanos > 0 && settings.equals(served)) {
                nanos = changed.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }

    /// One look at all certificates; a mistake of ours costs this look only.
    ///
    /// @return when to look again
    private Instant round() throws InterruptedException {
        Instant later = ground.clock().instant().plus(LONGEST_SLEEP);
        Optional<AcmeSettings> now = wanted();
        try {
            if (now.isEmpty()) {
                served = now;
                return later;
            }
            AcmeSettings wish = now.get();
            boolean other = served.isPresent() && !now.equals(served);
            served = now;
            return round(
                    wish,
                    new AcmeAuthority(wish, ground.folder(), ground.board(), ground.clock(), ground.events()),
                    other);
        } catch (IOException e) {
            ground.events().emit(new AcmeEvent.JournalTrouble(IoFault.sentence(e)));
            return later;
        } catch (RuntimeException mistake) {
            ground.events().emit(new AcmeEvent.RoundBroken(mistake));
            return later;
        }
    }

    /// Orders what is due and allowed.
    ///
    /// @param forgiving whether earlier failures no longer count
    /// @return when to look again
    /// @throws IOException if the journal can be neither read nor written: then nothing is ordered
    Instant round(AcmeSettings wish, CertificateAuthority authority, boolean forgiving)
            throws IOException, InterruptedException {
        AcmeJournal journal = ground.folder().journal();
        if (forgiving) {
            journal = journal.forgiven();
        }
        Instant next = ground.clock().instant().plus(LONGEST_SLEEP);
        for (SelfSigned.Kind kind : wish.keys()) {
            Instant now = ground.clock().instant();
            Optional<Identity> current = ground.folder().current(wish, kind);
            Instant due = due(wish, kind, current, journal, authority);
            Instant allowed = journal.allowed(now, wish.pace().ordersADay());
            if (due.isAfter(now)) {
                next = earlier(next, due);
            } else if (allowed.isAfter(now)) {
                tellExhaustion(wish, journal, allowed);
                next = earlier(next, allowed);
            } else {
                journal = order(wish, kind, current, journal, authority);
                next = earlier(next, ground.clock().instant());
            }
        }
        return next;
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private void tellExhaustion(AcmeSettings wish, AcmeJournal journal, Instant allowed) {
        if (allowed.isAfter(journal.notBefore()) && allowed.isAfter(exhaustionTold)) {
            exhaustionTold = allowed;
            ground.events().emit(new AcmeEvent.OrdersExhausted(wish.pace().ordersADay(), allowed));
        }
    }

    /// When a certificate should be ordered; long ago where there is none that will do.
    private Instant due(
            AcmeSettings wish,
            SelfSigned.Kind kind,
            Optional<Identity> current,
            AcmeJournal journal,
            CertificateAuthority authority) {
        if (current.isEmpty()
                || !wish.authority().directory().equals(journal.issuers().get(kind))) {
            return Instant.EPOCH;
        }
        X509Certificate leaf = current.get().chain().getFirst();
        CertificateNames names = CertificateNames.of(leaf);
        if (wish.names().stream().anyMatch(name -> names.covering(name).isEmpty())) {
            return Instant.EPOCH;
        }
        Instant usual = atAThird(leaf);
        Instant now = ground.clock().instant();
        Plan plan = plans.get(kind);
        if (plan == null || !plan.certificate().equals(leaf) || !now.isBefore(plan.askAgain())) {
            plan = plan(wish, kind, leaf, authority);
            plans.put(kind, plan);
        }
        return plan.moment().orElse(usual);
    }

    private static Instant atAThird(X509Certificate leaf) {
        Instant from = leaf.getNotBefore().toInstant();
        Instant until = leaf.getNotAfter().toInstant();
        return until.minus(Duration.between(from, until).dividedBy(PART));
    }

    /// @rfc 9773 §4.2
    private Plan plan(AcmeSettings wish, SelfSigned.Kind kind, X509Certificate leaf, CertificateAuthority authority) {
        Optional<RenewalWindow> window = authority.window(leaf);
        Optional<Instant> moment = window.map(known -> notAtOnce(known.anyMoment(ground.random()), leaf));
        moment.ifPresent(due -> ground.events()
                .emit(new AcmeEvent.RenewalPlanned(
                        names(wish), words(kind), due, window.flatMap(RenewalWindow::explanation))));
        Instant askAgain = window.map(RenewalWindow::askAgain)
                .orElseGet(() -> ground.clock().instant().plus(Duration.ofHours(6)));
        return new Plan(leaf, moment, askAgain);
    }

    /// A certificate that has just come is not replaced by the next one at once, whatever the authority says.
    private static Instant notAtOnce(Instant moment, X509Certificate leaf) {
        Instant from = leaf.getNotBefore().toInstant();
        Duration tenth = Duration.between(from, leaf.getNotAfter().toInstant()).dividedBy(10);
        Instant least = from.plus(tenth.compareTo(LEAST_USE) < 0 ? tenth : LEAST_USE);
        return moment.isBefore(least) ? least : moment;
    }

    private AcmeJournal order(
            AcmeSettings wish,
            SelfSigned.Kind kind,
            Optional<Identity> current,
            AcmeJournal before,
            CertificateAuthority authority)
            throws IOException, InterruptedException {
        KeyPair key = key(kind, current);
        AcmeJournal journal = before.ordered(ground.clock().instant());
        // First: an order that is not noted could be made again and again.
        ground.folder().keep(journal);
        Optional<X509Certificate> replaced =
                current.map(identity -> identity.chain().getFirst());
        Issuance issuance = authority.issue(new CertificateAuthority.Order(wish.names(), key, replaced));
        switch (issuance) {
            case Issuance.Issued(List<X509Certificate> chain) -> {
                journal = journal.issued(kind, wish.authority().directory());
                ground.folder().keep(wish, kind, new Identity(key.getPrivate(), chain));
                ground.folder().keep(journal);
                ground.events()
                        .emit(new AcmeEvent.CertificateIssued(
                                names(wish),
                                words(kind),
                                wish.authority().directory(),
                                chain.getFirst().getNotAfter().toInstant()));
                arrived.run();
            }
            case Issuance.Failed(String why, Optional<Instant> notBefore) -> {
                Instant again = again(wish, journal.failures() + 1, notBefore);
                journal = journal.failed(again);
                ground.folder().keep(journal);
                ground.events()
                        .emit(new AcmeEvent.OrderFailed(
                                names(wish),
                                words(kind),
                                why,
                                replaced.map(leaf -> leaf.getNotAfter().toInstant()),
                                again));
            }
        }
        return journal;
    }

    /// The key of the certificate that there is, where it stays, or a new one.
    private KeyPair key(SelfSigned.Kind kind, Optional<Identity> current) throws IOException {
        if (current.isPresent()) {
            X509Certificate leaf = current.get().chain().getFirst();
            if (ground.keys().isKept(leaf)) {
                return new KeyPair(leaf.getPublicKey(), current.get().key());
            }
        }
        return kind.pair(Optional.empty());
    }

    /// The wait that has grown, or what the authority says if that is later: a week at most, lest a wrong word of it
    /// ends all renewals.
    private Instant again(AcmeSettings wish, int failures, Optional<Instant> notBefore) {
        var waits = wish.pace().waits();
        Instant now = ground.clock().instant();
        Instant own = now.plus(waits.spread(waits.after(failures), ground.random()));
        Instant latest = now.plus(LONGEST_WAIT);
        return notBefore
                .map(said -> said.isAfter(latest) ? latest : said)
                .filter(own::isBefore)
                .orElse(own);
    }

    private static String names(AcmeSettings wish) {
        return wish.names().stream().map(DomainName::text).collect(Collectors.joining(","));
    }

    private static String words(SelfSigned.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
