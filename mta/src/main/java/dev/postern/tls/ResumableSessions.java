package dev.postern.tls;

import dev.postern.crypto.DerCertificate;
import dev.postern.wire.Deadline;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLContext;

/// The sessions that our client can go on with; used by any number of threads, `lock` guards the set of the moment.
///
/// A server that gets another certificate may go on with sessions that began with the old one, and what is resumed in
/// TLS 1.3 brings new tickets of the same kind: it would show the old certificate for ever. So with a server that was
/// checked in vain nothing is resumed for as long as a session may live: each connection has a context of its own.
/// Where more servers than are remembered were checked in vain, or their chains together are more than is kept, all
/// sessions are forgotten and the count begins anew.
final class ResumableSessions {
    /// How long a session can be gone on with (RFC 8446 §4.6.1 allows a week).
    static final Duration AGE = Duration.ofHours(1);

    /// How many sessions are kept.
    static final int MOST = 1000;

    /// A chain up to this size counts for nothing: the sessions of so many such chains are borne.
    private static final int USUAL_OCTETS = 16 * 1024;

    /// How many octets larger chains may have together.
    private static final int MOST_OCTETS = 8 * 1024 * 1024;

    private final Contexts contexts;
    private final ReentrantLock lock = new ReentrantLock();
    private Kept kept;

    /// Makes contexts that know no session.
    @FunctionalInterface
    interface Contexts {
        SSLContext make() throws GeneralSecurityException;
    }

    /// The sessions of one context, and the servers with which they are not gone on with.
    private static final class Kept {
        private final SSLContext context;
        private final Deadline until = Deadline.after(AGE);
        private final Set<String> checkedInVain = new HashSet<>();
        private long octets;

        Kept(SSLContext context) {
            this.context = context;
        }

        boolean isOver() {
            return checkedInVain.size() >= MOST || octets > MOST_OCTETS || (!checkedInVain.isEmpty() && until.passed());
        }
    }

    ResumableSessions(Contexts contexts) throws GeneralSecurityException {
        this.contexts = contexts;
        this.kept = new Kept(contexts.make());
    }

    /// The context for the next connection with a server.
    SSLContext contextFor(String server) throws GeneralSecurityException {
        lock.lock();
        try {
            if (kept.isOver()) {
                kept = new Kept(contexts.make());
            }
            if (!kept.checkedInVain.contains(server)) {
                return kept.context;
            }
        } finally {
            lock.unlock();
        }
        return contexts.make();
    }

    /// Takes note of what a server has shown, and whether in vain.
    void shown(String server, List<X509Certificate> chain, boolean inVain) {
        long octets = chain.stream()
                .mapToLong(certificate -> DerCertificate.of(certificate).length)
                .sum();
        lock.lock();
        try {
            if (octets > USUAL_OCTETS) {
                kept.octets += octets;
            }
            if (inVain) {
                kept.checkedInVain.add(server);
            }
        } finally {
            lock.unlock();
        }
    }
}
