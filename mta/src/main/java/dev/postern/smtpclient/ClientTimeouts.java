package dev.postern.smtpclient;

import java.time.Duration;
import java.util.stream.Stream;

/// How long a client waits for its server, step by step.
///
/// @param connect for the connection
/// @param greeting for the first reply
/// @param hello for the reply to EHLO, HELO, LHLO, STARTTLS and RSET
/// @param handshake for the whole TLS handshake
/// @param auth for each reply to AUTH
/// @param mail for the reply to MAIL
/// @param rcpt for the reply to one RCPT
/// @param dataStart for the reply to DATA
/// @param block for the server to take a piece of content
/// @param dataEnd for the reply to the end of the content, for LMTP each of them
/// @param quit for the reply to QUIT
/// @param transaction for a transaction as a whole
/// @rfc 5321 §4.5.3.2
public record ClientTimeouts(
        Duration connect,
        Duration greeting,
        Duration hello,
        Duration handshake,
        Duration auth,
        Duration mail,
        Duration rcpt,
        Duration dataStart,
        Duration block,
        Duration dataEnd,
        Duration quit,
        Duration transaction) {
    /// @throws IllegalArgumentException if one of them is not positive
    public ClientTimeouts {
        if (Stream.of(
                        connect,
                        greeting,
                        hello,
                        handshake,
                        auth,
                        mail,
                        rcpt,
                        dataStart,
                        block,
                        dataEnd,
                        quit,
                        transaction)
                .anyMatch(t -> t.isNegative() || t.isZero())) {
            throw new IllegalArgumentException("a time-out must be positive");
        }
    }

    /// Those of RFC 5321 §4.5.3.2 where it names one: 5 minutes for the greeting, MAIL and RCPT, 2 for DATA, 3 for a
    /// block, 10 for the end.
    public static ClientTimeouts standard() {
        return new ClientTimeouts(
                Duration.ofSeconds(30),
                Duration.ofMinutes(5),
                Duration.ofMinutes(5),
                Duration.ofMinutes(1),
                Duration.ofMinutes(2),
                Duration.ofMinutes(5),
                Duration.ofMinutes(5),
                Duration.ofMinutes(2),
                Duration.ofMinutes(3),
                Duration.ofMinutes(10),
                Duration.ofSeconds(2),
                Duration.ofHours(4));
    }
}
