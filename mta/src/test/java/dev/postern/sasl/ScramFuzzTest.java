package dev.postern.sasl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.postern.wire.ChannelBindings;
import java.util.Map;
import java.util.Optional;

/// Any messages of a client and of a server: nothing is thrown, nobody gets in, and what was read is what was written.
class ScramFuzzTest {
    private static final MemoryCredentials USERS = new MemoryCredentials(Map.of("alice", "pencil"));
    private static final ScramDecoys DECOYS = new ScramDecoys("a secret of the fuzz test".getBytes(UTF_8));
    private static final ChannelBindings BINDINGS =
            type -> Optional.of(type.label().getBytes(UTF_8));

    @FuzzTest
    void clientMessages(FuzzedDataProvider data) {
        Scram.Kind kind = data.pickValue(Scram.Kind.values());
        ChannelBindings bindings = data.consumeBoolean() ? BINDINGS : ChannelBindings.none();
        byte[] first = data.consumeBytes(data.consumeInt(0, 2 * ScramAttributes.MAX_MESSAGE));
        SaslExchange exchange = new Scram(kind, new Scram.Ground(USERS, DECOYS, () -> 0L))
                .begin(new SaslContext(bindings, LoginGate.open()));
        SaslStep step = exchange.begin(Optional.of(first));
        ClientFirst.parse(first).ifPresent(parsed -> checkFirst(parsed, first));
        for (int turn = 0; turn < 2 && step instanceof SaslStep.Challenge; turn++) {
            step = exchange.respond(data.consumeBytes(data.consumeInt(0, 2 * ScramAttributes.MAX_MESSAGE)));
        }
        assertThat(step).isNotInstanceOf(SaslStep.Authenticated.class);
        if (step instanceof SaslStep.Rejected(String why, String claimed)) {
            assertThat(claimed.isEmpty() || UserText.isPlain(claimed)).isTrue();
        }
    }

    private static void checkFirst(ClientFirst parsed, byte[] message) {
        assertThat(UserText.isPlain(parsed.user())).isTrue();
        assertThat(ScramAttributes.decodeName(ScramAttributes.encodeName(parsed.user())))
                .hasValue(parsed.user());
        assertThat((parsed.header().text() + parsed.bare()).getBytes(UTF_8)).isEqualTo(message);
    }

    @FuzzTest
    void lastMessages(byte[] message) {
        ClientFinal.parse(message).ifPresent(parsed -> {
            assertThat(parsed.proof()).hasSize(ScramHash.OCTETS);
            assertThat(new String(message, UTF_8)).startsWith(parsed.withoutProof() + ",p=");
        });
    }

    @FuzzTest
    void serverMessages(FuzzedDataProvider data) {
        ScramClient client = ScramClient.of("alice", "pencil", ScramClient.Plus.NOT_KNOWN, BINDINGS, "nonce")
                .orElseThrow();
        byte[] first = data.consumeBytes(data.consumeInt(0, ScramAttributes.MAX_MESSAGE));
        if (!new String(first, UTF_8).matches("(?s).*i=\\d{5,}.*")) { // which would take long, and no more
            client.answer(first);
        }
        assertThat(client.isServer(data.consumeRemainingAsBytes())).isFalse();
    }

    @FuzzTest
    void strings(FuzzedDataProvider data) {
        String text = data.consumeRemainingAsString();
        SaslPrep.query(text).ifPresent(once -> {
            if (once.length() <= SaslPrep.MAX_LENGTH) {
                assertThat(SaslPrep.query(once)).hasValue(once);
            }
            assertThat(once.chars().noneMatch(Character::isISOControl)).isTrue();
        });
        ScramKeys.parse(text).ifPresent(keys -> assertThat(keys).hasToString(text));
    }
}
