package dev.postern.sasl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlainTest {

    private static final SaslMechanism PLAIN =
            new Plain(new MemoryCredentials(Map.of("alice", "open sesame", "bob", "pässwörd")));

    /// NUL is written as `|`.
    private static byte[] message(String text) {
        return text.replace('|', '\0').getBytes(StandardCharsets.UTF_8);
    }

    private static SaslStep initial(byte[] message) {
        return PLAIN.begin(SaslContext.plain()).begin(Optional.of(message));
    }

    @ParameterizedTest
    @ValueSource(strings = {"|alice|open sesame", "alice|alice|open sesame", "|ALICE|open sesame"})
    void rightPasswordAuthenticatesUnderTheCanonicalName(String message) {
        assertThat(initial(message(message))).isEqualTo(new SaslStep.Authenticated("alice"));
    }

    @Test
    void passwordMayBeInternational() {
        assertThat(initial(message("|bob|pässwörd"))).isEqualTo(new SaslStep.Authenticated("bob"));
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of("no NUL at all", "alice"),
                Arguments.of("one NUL only", "alice|open sesame"),
                Arguments.of("nothing", ""),
                Arguments.of("two NUL and nothing else", "||"),
                Arguments.of("no user", "||open sesame"),
                Arguments.of("no password", "|alice|"),
                Arguments.of("wrong password", "|alice|sesame"),
                Arguments.of("password with more behind it", "|alice|open sesame "),
                Arguments.of("third NUL", "|alice|open sesame|"),
                Arguments.of("somebody else's identity", "bob|alice|open sesame"),
                Arguments.of("identity of another case", "Alice|alice|open sesame"),
                Arguments.of("unknown user", "|mallory|open sesame"),
                Arguments.of("control character in the name", "|ali\u0007ce|open sesame"),
                Arguments.of("line end in the name", "|alice\r\n|open sesame"),
                Arguments.of("control character of Latin 1", "|alice\u0085|open sesame"),
                Arguments.of("line separator", "|alice\u2028|open sesame"),
                Arguments.of("user of 256 octets", "|" + "a".repeat(256) + "|open sesame"),
                Arguments.of("password of 1025 octets", "|alice|" + "p".repeat(1025)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void whateverIsNotTheRightMessageIsRejected(String what, String message) {
        assertThat(initial(message(message))).isInstanceOf(SaslStep.Rejected.class);
    }

    @Test
    void octetsThatAreNoUtf8AreRejected() {
        byte[] overlongSlash = {0, 'a', (byte) 0xC0, (byte) 0xAF, 0, 'p'};
        assertThat(initial(overlongSlash)).isEqualTo(new SaslStep.Rejected("malformed credentials", ""));
    }

    @Test
    void unknownUserAndWrongPasswordAreToldApartNowhere() {
        SaslStep unknown = initial(message("|mallory|open sesame"));
        SaslStep wrong = initial(message("|alice|sesame"));
        assertThat(((SaslStep.Rejected) unknown).why()).isEqualTo(((SaslStep.Rejected) wrong).why());
    }

    @Test
    void withoutAnInitialResponseItAsksWithAnEmptyChallenge() {
        SaslExchange exchange = PLAIN.begin(SaslContext.plain());
        assertThat(((SaslStep.Challenge) exchange.begin(Optional.empty())).octets())
                .isEmpty();
        assertThat(exchange.respond(message("|alice|open sesame"))).isEqualTo(new SaslStep.Authenticated("alice"));
    }

    @Test
    void anExchangeIsNotUsedTwice() {
        SaslExchange exchange = PLAIN.begin(SaslContext.plain());
        exchange.begin(Optional.of(message("|alice|sesame")));
        assertThatThrownBy(() -> exchange.respond(message("|alice|open sesame")))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void backEndThatCannotAnswerIsNotARejection() {
        SaslMechanism mechanism = new Plain((user, password) -> new CredentialCheck.Outcome.Unavailable("disk"));
        assertThat(mechanism.begin(SaslContext.plain()).begin(Optional.of(message("|alice|x"))))
                .isEqualTo(new SaslStep.Unavailable("disk"));
    }

    @Test
    void passwordIsNeverPrinted() {
        assertThat(Credentials.of(message("alice"), message("open sesame")).orElseThrow())
                .hasToString("Credentials[user=alice]");
    }
}
