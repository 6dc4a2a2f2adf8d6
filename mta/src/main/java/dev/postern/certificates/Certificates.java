package dev.postern.certificates;

import dev.postern.crypto.CertificateNames;
import dev.postern.crypto.Identity;
import dev.postern.dns.DomainName;
import dev.postern.event.Events;
import dev.postern.event.IoFault;
import dev.postern.tls.ServerTls;
import dev.postern.tls.ShownIdentities;
import dev.postern.tls.TlsProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/// The certificates that our listeners show, as their files change: a new one is shown to sessions that begin from
/// then on, one that cannot be used is told, and one that has to wait waits.
///
/// Run by one thread of its own, which looks at the files about twice a minute; {@link #use} and {@link #look}
/// may come from others. `working` is held meanwhile, and guards the slots.
public final class Certificates implements Runnable {
    private static final Duration PAUSE = Duration.ofSeconds(20);

    private final ServerTls tls;
    private final ShownCopies copies;
    private final Ground ground;
    private final ReentrantLock working = new ReentrantLock();
    private List<Slot> slots;
    private Identity own;
    private DomainName hostname;

    /// What is needed around them.
    ///
    /// @param copies a folder for copies of what is shown
    /// @param guard asked before a certificate takes the place of another one
    public record Ground(
            TlsProvider provider, Path copies, ActivationGuard guard, InstantSource clock, Events events) {}

    /// What was shown before the last start is shown again as long as it is valid, even where the files hold
    /// another one by now: the first look tells whether that may be shown.
    ///
    /// @throws IOException if none of them can be shown
    public Certificates(CertificateSources sources, Ground ground) throws IOException {
        this.ground = ground;
        this.copies = new ShownCopies(ground.copies(), ground.provider().provider());
        this.own = sources.own();
        this.hostname = sources.hostname();
        this.slots = new ArrayList<>();
        for (CertificateSources.Read read : sources.written()) {
            slots.add(remembered(new Slot(read.files()), Optional.of(read.identity())));
        }
        for (KeyFiles files : sources.awaited()) {
            slots.add(remembered(new Slot(files), Optional.empty()));
        }
        this.tls = new ServerTls(ground.provider(), shown(slots, own, hostname));
        slots.forEach(this::keep);
    }

    /// TLS with what is shown at each moment.
    public ServerTls tls() {
        return tls;
    }

    /// What comes from one pair of files. Used by whoever holds the lock.
    private static final class Slot {
        private final KeyFiles files;
        private Optional<Identity> shown = Optional.empty();
        private Optional<Identity> waiting = Optional.empty();
        private Optional<String> seen = Optional.empty();
        private Optional<String> done = Optional.empty();
        private String told = "";
        private Optional<Instant> expiryTold = Optional.empty();

        private Slot(KeyFiles files) {
            this.files = files;
        }

        private boolean shows(Identity identity) {
            return shown.filter(now -> now.chain().equals(identity.chain())).isPresent();
        }

        private void show(Identity identity) {
            shown = Optional.of(identity);
            waiting = Optional.empty();
            told = "";
            expiryTold = Optional.empty();
        }
    }

    private Slot remembered(Slot slot, Optional<Identity> inFiles) {
        Optional<Identity> before = copies.of(slot.files)
                .filter(identity -> leaf(identity)
                        .getNotAfter()
                        .toInstant()
                        .isAfter(ground.clock().instant()));
        slot.shown = before.or(() -> inFiles);
        return slot;
    }

    private void keep(Slot slot) {
        if (slot.shown.isEmpty() || copies.of(slot.files).filter(slot::shows).isPresent()) {
            return;
        }
        try {
            copies.keep(slot.files, slot.shown.get());
        } catch (IOException e) {
            ground.events()
                    .emit(new CertificateEvent.CertificateNotKept(slot.files.certificate(), IoFault.sentence(e)));
        }
    }

    /// Takes other sources, whose certificates are shown at once where nothing was shown from the same files
    /// before, and else when the guard allows it.
    ///
    /// @throws IOException if none of them can be shown; then everything stays as it was
    public void use(CertificateSources sources) throws IOException {
        working.lock();
        try {
            List<Slot> next = new ArrayList<>();
            sources.written().forEach(read -> next.add(slot(read.files(), Optional.of(read.identity()))));
            sources.awaited().forEach(files -> next.add(slot(files, Optional.empty())));
            tls.show(shown(next, sources.own(), sources.hostname()));
            slots = next;
            own = sources.own();
            hostname = sources.hostname();
            slots.forEach(this::keep);
            forgetOthers();
            look(Patience.NONE);
        } finally {
            working.unlock();
        }
    }

    private void forgetOthers() {
        try {
            copies.keepOnly(slots.stream().map(slot -> slot.files).toList());
        } catch (IOException e) {
            ground.events().emit(new CertificateEvent.CertificateNotKept(copies.folder(), IoFault.sentence(e)));
        }
    }

    private Slot slot(KeyFiles files, Optional<Identity> inFiles) {
        return slots.stream()
                .filter(slot -> slot.files.equals(files))
                .findFirst()
                .orElseGet(() -> {
                    Slot slot = new Slot(files);
                    slot.shown = inFiles;
                    return slot;
                });
    }

    private enum Patience {
        /// What has changed is read at once.
        NONE,
        /// What has changed is read when it has not changed any more at the next look: a key and its
        /// certificate are not replaced at the same instant.
        ONE_LOOK
    }

    /// Looks at the files now, and reads at once what has changed in them.
    public void look() {
        working.lock();
        try {
            look(Patience.NONE);
        } finally {
            working.unlock();
        }
    }

    private void look(Patience patience) {
        boolean changed = false;
        for (Slot slot : slots) {
            changed |= look(slot, patience);
        }
        if (changed) {
            showAll();
        }
        slots.forEach(this::tellExpiry);
    }

    /// Whether the slot shows another certificate now.
    private boolean look(Slot slot, Patience patience) {
        try {
            Optional<String> stamp = slot.files.stamp();
            boolean settled = patience == Patience.NONE || stamp.equals(slot.seen);
            slot.seen = stamp;
            if (stamp.isEmpty() || !settled) {
                if (settled && slot.shown.isPresent()) {
                    tellGone(slot);
                }
                return false;
            }
            if (!stamp.equals(slot.done)) {
                slot.done = stamp;
                slot.waiting = Optional.empty();
                Identity fresh = slot.files.read(ground.provider().provider());
                refuseExpired(slot, fresh);
                if (!slot.shows(fresh)) {
                    slot.waiting = Optional.of(fresh);
                }
            }
        } catch (IOException e) {
            tell(slot, new CertificateEvent.CertificateRefused(slot.files.certificate(), IoFault.sentence(e)));
            return false;
        }
        return slot.waiting.isPresent() && isAllowed(slot, slot.waiting.get());
    }

    private void tellGone(Slot slot) {
        tell(
                slot,
                new CertificateEvent.CertificateRefused(
                        slot.files.certificate(),
                        "it, or its key, is no longer there; what was in it is shown until there is another"));
    }

    private void refuseExpired(Slot slot, Identity fresh) throws IOException {
        Instant until = leaf(fresh).getNotAfter().toInstant();
        if (slot.shown.isPresent()
                && !until.isAfter(ground.clock().instant())
                && until.isBefore(leaf(slot.shown.get()).getNotAfter().toInstant())) {
            throw new IOException("it has ended on " + until + ", before the one that is shown");
        }
    }

    private boolean isAllowed(Slot slot, Identity fresh) {
        return switch (ground.guard().mayShow(displaced(slot), fresh.chain())) {
            case ActivationGuard.Ruling.Allowed _ -> {
                slot.show(fresh);
                yield true;
            }
            case ActivationGuard.Ruling.NotYet(String why) -> {
                tell(slot, new CertificateEvent.CertificateWaits(slot.files.certificate(), why));
                yield false;
            }
        };
    }

    /// What clients see as long as a slot shows nothing new: its own, or that of another slot, or the one that we have
    /// made ourselves.
    private List<X509Certificate> displaced(Slot slot) {
        return slot.shown
                .or(() -> slots.stream().flatMap(other -> other.shown.stream()).findFirst())
                .orElse(own)
                .chain();
    }

    private void showAll() {
        List<Identity> before = tls.shown().all();
        try {
            tls.show(shown(slots, own, hostname));
        } catch (IOException e) {
            slots.forEach(slot ->
                    tell(slot, new CertificateEvent.CertificateRefused(slot.files.certificate(), IoFault.sentence(e))));
            return;
        }
        for (Slot slot : slots) {
            slot.shown.filter(identity -> !before.contains(identity)).ifPresent(identity -> {
                keep(slot);
                X509Certificate leaf = leaf(identity);
                ground.events()
                        .emit(new CertificateEvent.CertificateShown(
                                slot.files.certificate(),
                                CertificateNames.of(leaf).toString(),
                                leaf.getIssuerX500Principal().getName(),
                                leaf.getNotAfter().toInstant()));
            });
        }
    }

    /// The same once only.
    private void tell(Slot slot, CertificateEvent event) {
        if (!slot.told.equals(event.toString())) {
            slot.told = event.toString();
            ground.events().emit(event);
        }
    }

    private void tellExpiry(Slot slot) {
        if (slot.shown.isEmpty()) {
            return;
        }
        X509Certificate leaf = leaf(slot.shown.get());
        Instant until = leaf.getNotAfter().toInstant();
        ExpiryNotice notice = new ExpiryNotice(leaf.getNotBefore().toInstant(), until);
        Instant now = ground.clock().instant();
        if (!now.isBefore(slot.expiryTold.map(notice::after).orElseGet(notice::first))) {
            slot.expiryTold = Optional.of(now);
            ground.events()
                    .emit(new CertificateEvent.CertificateExpires(
                            slot.files.certificate(), until, Duration.between(now, until)));
        }
    }

    private static ShownIdentities shown(List<Slot> slots, Identity own, DomainName hostname) {
        List<Identity> all = slots.stream().flatMap(slot -> slot.shown.stream()).toList();
        return new ShownIdentities(all.isEmpty() ? List.of(own) : all, hostname);
    }

    private static X509Certificate leaf(Identity identity) {
        return identity.chain().getFirst();
    }

    /// Looks again and again until it is interrupted.
    @Override
    public void run() {
        try {
            lookGuarded(Patience.NONE);
            while (true) {
                TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
                lookGuarded(Patience.ONE_LOOK);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// A mistake of ours costs this look only.
    private void lookGuarded(Patience patience) {
        working.lock();
        try {
            look(patience);
        } catch (RuntimeException mistake) {
            ground.events().emit(new CertificateEvent.CertificatesNotSeen(mistake));
        } finally {
            working.unlock();
        }
    }
}
