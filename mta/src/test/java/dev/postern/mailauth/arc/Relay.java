package dev.postern.mailauth.arc;

import dev.postern.dns.DomainName;
import dev.postern.dns.ZoneResolver;
import dev.postern.mailauth.dkim.DkimSettings;
import dev.postern.mailauth.dkim.Forge;
import dev.postern.mailauth.dkim.Postbag;
import dev.postern.mailauth.dkim.SelectedKey;
import dev.postern.mailauth.dkim.SigningSettings;
import dev.postern.message.MessageReader;
import java.time.InstantSource;
import java.util.Optional;

/// A server that carries messages on: it validates the chain, and seals.
///
/// @param number its domain is `hopNUMBER.example`; odd ones seal with RSA, even ones with Ed25519
record Relay(int number) {
    /// The keys of the first hundred.
    static String zone() {
        StringBuilder zone = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            zone.append(Postbag.txt(
                    "arc._domainkey." + new Relay(i).domain(),
                    new Relay(i).key().key().record()));
        }
        return zone.toString();
    }

    static ArcResult validate(String message, String zone) {
        MessageReader reader = Postbag.read(message);
        ArcVerification verification = new ArcVerifier(
                        ZoneResolver.of(zone), DkimSettings.usual(), InstantSource.fixed(Postbag.NOW), Optional.empty())
                .begin(reader.header());
        Postbag.feed(reader, verification);
        return verification.finish();
    }

    DomainName domain() {
        return DomainName.of("hop" + number + ".example");
    }

    private SelectedKey key() {
        return new SelectedKey(DomainName.of("arc"), number % 2 == 1 ? Forge.RSA : Forge.ED25519);
    }

    ArcSealer sealer() {
        return new ArcSealer(domain(), key(), SigningSettings.usual());
    }

    /// The message as it leaves: with one more set, if it gets one.
    String carry(String message) {
        return carry(message, validate(message, zone()));
    }

    String carry(String message, ArcResult received) {
        String results = "mx." + domain() + ";\r\n\tarc=" + received.status().word();
        return Postbag.stamp(sealer().stamp(received, results), message) + message;
    }

    /// The message behind the first hops.
    static String through(int hops, String message) {
        String carried = message;
        for (int i = 1; i <= hops; i++) {
            carried = new Relay(i).carry(carried);
        }
        return carried;
    }
}
