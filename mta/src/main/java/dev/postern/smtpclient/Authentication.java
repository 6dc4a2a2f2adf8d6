package dev.postern.smtpclient;

import dev.postern.sasl.ScramClient;
import dev.postern.sasl.StrictBase64;
import dev.postern.smtp.Capabilities;
import dev.postern.smtp.CommandWriter;
import dev.postern.smtp.EnhancedStatus;
import dev.postern.smtp.Reply;
import dev.postern.wire.ChannelBindings;
import dev.postern.wire.Deadline;
import dev.postern.wire.TlsState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Says who we are, under TLS only: by SCRAM where offered, bound to the connection where that is possible (RFC 5802),
/// else by PLAIN (RFC 4616), else by LOGIN.
///
/// Where SCRAM is refused, PLAIN and LOGIN follow if the server's certificate is verified: some servers offer SCRAM to
/// users of whom they have no keys. Else the refusal may be the work of somebody in between, who is not given the
/// password.
///
/// @rfc 4954 §4
final class Authentication {
    /// Up to this length a command line with an initial response is sure to be taken (RFC 5321 §4.5.3.1.4).
    private static final int MAX_COMMAND = 512;

    private static final int GO_ON = 334;
    private static final String SCRAM = "SCRAM-SHA-256";
    private static final String SCRAM_PLUS = "SCRAM-SHA-256-PLUS";

    private final Exchange exchange;
    private final Capabilities server;
    private final Duration limit;
    private final RandomGenerator random;

    /// @param random makes nonces
    Authentication(Exchange exchange, Capabilities server, Duration limit, RandomGenerator random) {
        this.exchange = exchange;
        this.server = server;
        this.limit = limit;
        this.random = random;
    }

    /// Why the server does not know us now; empty if it does.
    Optional<Opening.Failed> run(Login login) throws IOException {
        Optional<TlsState> tls = exchange.connection().tls();
        if (tls.isEmpty()) {
            return Optional.of(failed("the connection is not encrypted, so the login is not sent"));
        }
        List<String> mechanisms = server.authMechanisms();
        boolean openly = mechanisms.contains("PLAIN") || mechanisms.contains("LOGIN");
        Optional<ScramClient> scram = scram(login, mechanisms, tls.get().bindings());
        if (scram.isEmpty() && !openly) {
            return Optional.of(failed("the server offers none of AUTH SCRAM-SHA-256, PLAIN and LOGIN that we can use"));
        }
        if (scram.isPresent()) {
            ScramOutcome outcome = prove(scram.get());
            if (!(outcome instanceof ScramOutcome.Refused(Reply reply))) {
                return outcome.failure();
            }
            if (!reply.isPermanent() || !login.verified() || !openly) {
                return Optional.of(Words.refused(Step.AUTH, reply));
            }
        }
        Reply reply = mechanisms.contains("PLAIN") ? plain(login) : login(login);
        return reply.isPositive() ? Optional.empty() : Optional.of(Words.refused(Step.AUTH, reply));
    }

    /// The exchange for the best kind of SCRAM that both sides know; empty if there is none, or the login cannot be
    /// prepared for it.
    private Optional<ScramClient> scram(Login login, List<String> mechanisms, ChannelBindings bindings) {
        if (mechanisms.contains(SCRAM_PLUS) && !bindings.isEmpty()) {
            return ScramClient.of(login.user(), login.password(), ScramClient.Plus.USED, bindings, random);
        }
        ScramClient.Plus plus = bindings.isEmpty() || mechanisms.contains(SCRAM_PLUS)
                ? ScramClient.Plus.NOT_KNOWN
                : ScramClient.Plus.NOT_OFFERED;
        return mechanisms.contains(SCRAM)
                ? ScramClient.of(login.user(), login.password(), plus, bindings, random)
                : Optional.empty();
    }

    /// What came of SCRAM.
    private sealed interface ScramOutcome {
        /// Both know each other, or the server is not who it should be.
        record Ended(Optional<Opening.Failed> failure) implements ScramOutcome {}

        /// The server refused us.
        record Refused(Reply reply) implements ScramOutcome {
            @Override
            public Optional<Opening.Failed> failure() {
                return Optional.of(Words.refused(Step.AUTH, reply));
            }
        }

        /// Why the server does not know us; empty if it does.
        Optional<Opening.Failed> failure();
    }

    private ScramOutcome prove(ScramClient scram) throws IOException {
        String mechanism = scram.isBound() ? SCRAM_PLUS : SCRAM;
        byte[] atOnce = CommandWriter.auth(mechanism, Optional.of(base64(scram.first())));
        Reply reply = askSecretly(atOnce, "AUTH " + mechanism + " ***");
        if (reply.code() != GO_ON) {
            return new ScramOutcome.Refused(reply);
        }
        Optional<byte[]> proof = challenge(reply).flatMap(scram::answer);
        if (proof.isEmpty()) {
            return giveUp("the server's SCRAM message is malformed or asks for too much");
        }
        reply = askSecretly(CommandWriter.authResponse(base64(proof.get())), "***");
        if (reply.isPositive()) {
            return new ScramOutcome.Ended(Optional.of(failed("the server did not prove that it knows the password")));
        }
        if (reply.code() != GO_ON) {
            return new ScramOutcome.Refused(reply);
        }
        if (challenge(reply).filter(scram::isServer).isEmpty()) {
            return giveUp("the server could not prove that it knows the password");
        }
        reply = askSecretly(CommandWriter.authResponse(""), "");
        return reply.isPositive() ? new ScramOutcome.Ended(Optional.empty()) : new ScramOutcome.Refused(reply);
    }

    private ScramOutcome giveUp(String why) throws IOException {
        exchange.ask(CommandWriter.authResponse("*"), limit);
        return new ScramOutcome.Ended(Optional.of(failed(why)));
    }

    private static Optional<byte[]> challenge(Reply reply) {
        return StrictBase64.decode(reply.text().getFirst().getBytes(StandardCharsets.ISO_8859_1));
    }

    private Reply plain(Login login) throws IOException {
        String response = base64("\0" + login.user() + "\0" + login.password());
        byte[] atOnce = CommandWriter.auth("PLAIN", Optional.of(response));
        if (atOnce.length <= MAX_COMMAND) {
            return askSecretly(atOnce, "AUTH PLAIN ***");
        }
        Reply reply = exchange.ask(CommandWriter.auth("PLAIN", Optional.empty()), limit);
        return reply.code() == GO_ON ? askSecretly(CommandWriter.authResponse(response), "***") : reply;
    }

    private Reply login(Login login) throws IOException {
        Reply reply = exchange.ask(CommandWriter.auth("LOGIN", Optional.empty()), limit);
        if (reply.code() == GO_ON) {
            reply = askSecretly(CommandWriter.authResponse(base64(login.user())), "***");
        }
        return reply.code() == GO_ON ? askSecretly(CommandWriter.authResponse(base64(login.password())), "***") : reply;
    }

    private Reply askSecretly(byte[] command, String masked) throws IOException {
        exchange.saySecret(command, masked);
        exchange.flush();
        return exchange.hear(Deadline.after(limit));
    }

    private static Opening.Failed failed(String why) {
        return new Opening.Failed(Step.AUTH, EnhancedStatus.of("4.7.0"), why, Optional.empty());
    }

    private static String base64(String text) {
        return base64(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String base64(byte[] octets) {
        return Base64.getEncoder().encodeToString(octets);
    }
}
