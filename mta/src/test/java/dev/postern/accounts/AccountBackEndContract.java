package dev.postern.accounts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.sasl.CredentialCheck.Outcome;
import dev.postern.sasl.SaslContext;
import dev.postern.sasl.SaslExchange;
import dev.postern.sasl.SaslStep;
import dev.postern.sasl.Scram;
import dev.postern.sasl.ScramClient;
import dev.postern.sasl.ScramDecoys;
import dev.postern.sasl.ScramLookup.Finding;
import dev.postern.wire.ChannelBindings;
import java.security.SecureRandom;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What every account back end does, whoever knows its users.
///
/// The users are `alice@example.org` with the password `open sesame` and `josé@example.org` with `pässwörd`, both set
/// as
/// new ones are.
abstract class AccountBackEndContract {
    private static final SecureRandom RANDOM = new SecureRandom();

    /// The back end with these users.
    abstract AccountBackEnd backEnd();

    @ParameterizedTest
    @CsvSource({
        "alice@example.org, open sesame, alice@example.org",
        "ALICE@Example.ORG, open sesame, alice@example.org",
        "al\u00ADice@example.org, open sesame, alice@example.org",
        "josé@example.org, pässwörd, josé@example.org",
        "jose\u0301@example.org, pa\u0308sswo\u0308rd, josé@example.org"
    })
    void userIsKnownHoweverNameAndPasswordAreTyped(String user, String password, String canonical) {
        assertThat(backEnd().check(user, password)).isEqualTo(new Outcome.Known(canonical));
        assertThat(scram(user, password)).isEqualTo(new SaslStep.Authenticated(canonical));
        assertThat(backEnd().canonical(user)).isEqualTo(canonical);
        assertThat(backEnd().rights(canonical).map(rights -> rights.inbox().toString()))
                .hasValue(canonical);
    }

    @ParameterizedTest
    @CsvSource({
        "alice@example.org, open sesamf",
        "alice@example.org, OPEN SESAME",
        "josé@example.org, open sesame",
        "mallory@example.org, open sesame",
        "alice@example.net, open sesame",
        "alice, open sesame",
        "@, open sesame",
        "' ', open sesame"
    })
    void nobodyElseIs(String user, String password) {
        assertThat(backEnd().check(user, password)).isEqualTo(new Outcome.Wrong());
    }

    @ParameterizedTest
    @CsvSource({"alice@example.org, open sesamf", "mallory@example.org, open sesame"})
    void nobodyElseProvesToBeOne(String user, String password) {
        assertThat(scram(user, password)).isEqualTo(new SaslStep.Rejected("wrong user or password", user));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mallory@example.org", "alice", "alice@example.net", "\uE000@example.org"})
    void nobodyHasNeitherKeysNorRights(String user) {
        assertThat(backEnd().keysOf(user))
                .isEqualTo(new Finding.Unknown(backEnd().canonical(user)));
        assertThat(backEnd().rights(user)).isEmpty();
    }

    @Test
    void whoDoesNotExistHasOneNameHoweverItIsWritten() {
        assertThat(backEnd().canonical("MALLORY@Example.ORG"))
                .isEqualTo(backEnd().canonical("mal\u00ADlory@example.org"))
                .isEqualTo("mallory@example.org");
        assertThat(backEnd().canonical("Mallory")).isEqualTo("mallory");
    }

    @Test
    void somebodyHasKeys() {
        assertThat(backEnd().hasKeys()).isTrue();
        assertThat(backEnd().keysOf("Alice@example.org")).isInstanceOf(Finding.Found.class);
    }

    private SaslStep scram(String user, String password) {
        Scram.Ground ground = new Scram.Ground(backEnd(), new ScramDecoys("of this very test".getBytes(UTF_8)), RANDOM);
        SaslExchange exchange = new Scram(Scram.Kind.UNBOUND, ground).begin(SaslContext.plain());
        ScramClient client = ScramClient.of(user, password, ScramClient.Plus.NOT_KNOWN, ChannelBindings.none(), RANDOM)
                .orElseThrow();
        SaslStep.Challenge first = (SaslStep.Challenge) exchange.begin(Optional.of(client.first()));
        SaslStep step = exchange.respond(client.answer(first.octets()).orElseThrow());
        return step instanceof SaslStep.Challenge(byte[] octets) && client.isServer(octets)
                ? exchange.respond(new byte[0])
                : step;
    }
}
