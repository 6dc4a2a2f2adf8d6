package dev.postern.sasl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoginTest {

    private static final SaslMechanism LOGIN = new Login(new MemoryCredentials(Map.of("alice", "open sesame")));

    private static String challenge(SaslStep step) {
        return new String(((SaslStep.Challenge) step).octets(), UTF_8);
    }

    @Test
    void asksForNameAndPassword() {
        SaslExchange exchange = LOGIN.begin(SaslContext.plain());
        assertThat(challenge(exchange.begin(Optional.empty()))).isEqualTo("Username:");
        assertThat(challenge(exchange.respond("Alice".getBytes(UTF_8)))).isEqualTo("Password:");
        assertThat(exchange.respond("open sesame".getBytes(UTF_8))).isEqualTo(new SaslStep.Authenticated("alice"));
    }

    @Test
    void initialResponseIsTheName() {
        SaslExchange exchange = LOGIN.begin(SaslContext.plain());
        assertThat(challenge(exchange.begin(Optional.of("alice".getBytes(UTF_8)))))
                .isEqualTo("Password:");
        assertThat(exchange.respond("open sesame".getBytes(UTF_8))).isEqualTo(new SaslStep.Authenticated("alice"));
    }

    @ParameterizedTest
    @CsvSource({"alice, wrong", "alice, ''", "'', open sesame", "mallory, open sesame", "'alice\0', open sesame"})
    void whateverIsNotTheRightPairIsRejected(String user, String password) {
        SaslExchange exchange = LOGIN.begin(SaslContext.plain());
        exchange.begin(Optional.empty());
        exchange.respond(user.getBytes(UTF_8));
        assertThat(exchange.respond(password.getBytes(UTF_8))).isInstanceOf(SaslStep.Rejected.class);
    }

    @Test
    void anExchangeIsNotUsedTwice() {
        SaslExchange exchange = LOGIN.begin(SaslContext.plain());
        exchange.begin(Optional.of("alice".getBytes(UTF_8)));
        exchange.respond("wrong".getBytes(UTF_8));
        assertThatThrownBy(() -> exchange.respond("open sesame".getBytes(UTF_8)))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void responseBeforeTheBeginningIsOurFault() {
        assertThatThrownBy(() -> LOGIN.begin(SaslContext.plain()).respond("alice".getBytes(UTF_8)))
                .isInstanceOf(IllegalStateException.class);
    }
}
