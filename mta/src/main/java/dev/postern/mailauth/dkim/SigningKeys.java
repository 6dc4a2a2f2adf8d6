package dev.postern.mailauth.dkim;

import dev.postern.dns.DnsAnswer;
import dev.postern.dns.RecordType;
import dev.postern.dns.Resolver;
import dev.postern.mailauth.WitnessedResolver;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.Signature;
import java.util.Optional;

/// Finds the public keys of signers in DNS, and checks signatures by them. Shared by all threads.
///
/// @rfc 6376 §6.1.2
/// @rfc 6376 §6.1.3
public final class SigningKeys {
    /// How many records at one name are tried; there should be one.
    private static final int MOST_RECORDS = 5;

    private final Resolver resolver;
    private final DkimSettings settings;
    private final Optional<Provider> provider;
    private final KeyCache cache = new KeyCache();

    /// @param resolver is asked for the records of the keys
    /// @param settings which RSA keys are good
    /// @param provider verifies, where it knows the algorithm; else the JDK does
    public SigningKeys(Resolver resolver, DkimSettings settings, Optional<Provider> provider) {
        this.resolver = resolver;
        this.settings = settings;
        this.provider = provider;
    }

    /// Who is asked, unless a check has a resolver of its own.
    public Resolver resolver() {
        return resolver;
    }

    /// Checks a signature; waits for DNS.
    ///
    /// @param asked tells the records of the keys
    /// @param octets over which the signature goes
    public KeyCheck check(Resolver asked, SignerName signer, byte[] octets, byte[] signature) {
        WitnessedResolver dns = new WitnessedResolver(asked);
        return switch (dns.resolve(signer.keyName(), RecordType.TXT)) {
            case DnsAnswer.Found<String> found -> tryAll(new Claim(signer, octets, signature), found, dns);
            case DnsAnswer.NoData<String> none -> noKey(signer, dns);
            case DnsAnswer.NoDomain<String> none -> noKey(signer, dns);
            case DnsAnswer.Failed<String> failed ->
                new KeyCheck(
                        DkimOutcome.TEMPERROR,
                        "the key at " + signer.keyName() + " cannot be had now: " + failed.why(),
                        KeyCheck.Key.NONE,
                        dns.evidence());
        };
    }

    private static KeyCheck noKey(SignerName signer, WitnessedResolver dns) {
        return new KeyCheck(
                DkimOutcome.PERMERROR, "there is no key at " + signer.keyName(), KeyCheck.Key.NONE, dns.evidence());
    }

    /// Tries the records until one lets the signature pass; what is told else is of the last one
    /// that holds a key, or of the last one.
    private KeyCheck tryAll(Claim claim, DnsAnswer.Found<String> found, WitnessedResolver dns) {
        KeyCheck told = noKey(claim.signer, dns);
        for (String record : found.records().stream().limit(MOST_RECORDS).toList()) {
            KeyCheck check = tryOne(claim, record, dns);
            if (check.passed()) {
                return check;
            }
            if (check.key().bits() > 0 || told.key().bits() == 0) {
                told = check;
            }
        }
        return told;
    }

    private KeyCheck tryOne(Claim claim, String text, WitnessedResolver dns) {
        KeyCache.Text record = new KeyCache.Text(text, claim.signer.algorithm());
        return switch (cache.get(record, one -> ReadKey.of(one.record(), one.algorithm(), settings, provider))) {
            case ReadKey.Unusable none -> new KeyCheck(none.outcome(), none.why(), none.known(), dns.evidence());
            case ReadKey.Usable(PublishedKey key, KeyCheck.Key known) ->
                claim.isRight(key, provider)
                        ? new KeyCheck(DkimOutcome.PASS, "the signature is right", known, dns.evidence())
                        : new KeyCheck(
                                DkimOutcome.FAIL,
                                "the signature is not one of this header by this key",
                                known,
                                dns.evidence());
        };
    }

    /// A signature that somebody claims to have made over octets.
    private static final class Claim {
        private final SignerName signer;
        private final byte[] message;
        private final byte[] signature;

        Claim(SignerName signer, byte[] octets, byte[] signature) {
            this.signer = signer;
            this.message = signer.algorithm().message(octets);
            this.signature = signature;
        }

        boolean isRight(PublishedKey key, Optional<Provider> provider) {
            try {
                Signature verifier = signer.algorithm().signature(provider);
                verifier.initVerify(key.key());
                verifier.update(message);
                return verifier.verify(signature);
            } catch (GeneralSecurityException impossible) {
                return false; // a signature of a wrong length, or a key that is no point of the curve
            }
        }
    }
}
