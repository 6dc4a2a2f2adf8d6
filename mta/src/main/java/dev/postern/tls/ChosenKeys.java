package dev.postern.tls;

import dev.postern.crypto.Identity;
import dev.postern.dns.DomainName;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// What a TLS engine asks for a key: it names a kind of key, and gets the certificate for the name that the client
/// asks for, if there is one of that kind; used by all handshakes at once.
///
/// The two implementations ask differently. The JDK asks for one kind after the other, in the order of what the
/// client can check and of the cipher suites that are left, and takes the first answer. Conscrypt asks for
/// every kind that it knows, in no order, does not tell what the client can check, and takes the last answer:
/// so it gets only one, for the kind that costs least among those that the client can check by its ClientHello,
/// which {@link #heard} tells first. Conscrypt asks in the thread that has read it.
final class ChosenKeys extends X509ExtendedKeyManager {
    private final ShownIdentities shown;
    private final ChallengeIdentities challenges;
    private final TlsProvider provider;

    /// Of the handshake that goes on in a thread; it ends with the set of certificates that it was told to.
    @SuppressWarnings("ThreadLocalUsage")
    private final ThreadLocal<Set<KeyKind>> heard = new ThreadLocal<>();

    /// @param challenges shown to clients that speak the protocol of challenges, instead of all others
    ChosenKeys(TlsProvider provider, ShownIdentities shown, ChallengeIdentities challenges) {
        this.provider = provider;
        this.shown = shown;
        this.challenges = challenges;
    }

    /// A handshake begins in this thread; of its client nothing is known yet.
    void begin() {
        heard.remove();
    }

    /// Takes note of the client of the handshake that goes on in this thread.
    void heard(ClientHello hello) {
        heard.set(hello.checked());
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        if (engine == null) {
            return null;
        }
        return ChallengeIdentities.PROTOCOL.equals(engine.getHandshakeApplicationProtocol())
                ? challengeAlias(keyType, engine.getHandshakeSession())
                : alias(keyType, engine.getHandshakeSession());
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return socket instanceof SSLSocket secured ? alias(keyType, secured.getHandshakeSession()) : null;
    }

    private @Nullable String alias(String keyType, @Nullable SSLSession session) {
        Optional<KeyKind> asked = KeyKind.named(keyType);
        if (asked.isEmpty()) {
            return null;
        }
        List<Identity> candidates = shown.candidates(requested(session), checked(session));
        KeyKind due = provider.takesLastAnswer()
                ? candidates.stream()
                        .flatMap(identity -> ShownIdentities.kind(identity).stream())
                        .min(KeyKind::compareTo)
                        .orElse(asked.get())
                : asked.get();
        if (due != asked.get()) {
            return null;
        }
        return candidates.stream()
                .filter(identity -> ShownIdentities.kind(identity).equals(asked))
                .findFirst()
                .map(identity -> String.valueOf(shown.all().indexOf(identity)))
                .orElse(null);
    }

    private Set<KeyKind> checked(@Nullable SSLSession session) {
        Set<KeyKind> checked = EnumSet.copyOf(provider.keyKinds());
        Set<KeyKind> told = heard.get();
        if (told != null) {
            checked.retainAll(told);
        } else if (session instanceof ExtendedSSLSession extended) {
            checked.retainAll(KeyKind.checkedBy(extended.getPeerSupportedSignatureAlgorithms()));
        }
        return checked;
    }

    private @Nullable String challengeAlias(String keyType, @Nullable SSLSession session) {
        return requested(session)
                .filter(name ->
                        challenges.identity(name).flatMap(ShownIdentities::kind).equals(KeyKind.named(keyType)))
                .map(DomainName::text)
                .orElse(null);
    }

    /// The host that the client asks for.
    ///
    /// @rfc 6066 §3
    private static Optional<DomainName> requested(@Nullable SSLSession session) {
        if (session instanceof ExtendedSSLSession extended) {
            for (SNIServerName name : extended.getRequestedServerNames()) {
                if (name instanceof SNIHostName host) {
                    return DomainName.parse(host.getAsciiName()).filter(DomainName::isHostName);
                }
            }
        }
        return Optional.empty();
    }

    private Optional<Identity> identity(String alias) {
        return Character.isDigit(alias.charAt(0)) && alias.indexOf('.') < 0
                ? Optional.of(shown.all().get(Integer.parseInt(alias)))
                : DomainName.parse(alias).flatMap(challenges::identity);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        return identity(alias)
                .map(found -> found.chain().toArray(X509Certificate[]::new))
                .orElse(null);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        return identity(alias).map(Identity::key).orElse(null);
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return null; // nobody lists what depends on the client
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
