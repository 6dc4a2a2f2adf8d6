package dev.postern.smtpclient;

import dev.postern.smtp.Capabilities;
import dev.postern.smtp.CommandWriter;
import dev.postern.smtp.EnhancedStatus;
import dev.postern.smtp.Reply;
import dev.postern.wire.Deadline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// Says who we are: by PLAIN where offered (RFC 4616), else by LOGIN, and only under TLS.
///
/// @rfc 4954 §4
final class Authentication {
    /// Up to this length a command line with an initial response is sure to be taken (RFC 5321 §4.5.3.1.4).
    private static final int MAX_COMMAND = 512;

    private static final int GO_ON = 334;

    private final Exchange exchange;
    private final Capabilities server;
    private final Duration limit;

    Authentication(Exchange exchange, Capabilities server, Duration limit) {
        this.exchange = exchange;
        this.server = server;
        this.limit = limit;
    }

    /// Why the server does not know us now; empty if it does.
    Optional<Opening.Failed> run(Login login) throws IOException {
        if (exchange.connection().tls().isEmpty()) {
            return Optional.of(failed("the connection is not encrypted, so the login is not sent"));
        }
        List<String> mechanisms = server.authMechanisms();
        Reply reply;
        if (mechanisms.contains("PLAIN")) {
            reply = plain(login);
        } else if (mechanisms.contains("LOGIN")) {
            reply = login(login);
        } else {
            return Optional.of(failed("the server offers neither AUTH PLAIN nor AUTH LOGIN"));
        }
        return reply.isPositive() ? Optional.empty() : Optional.of(Words.refused(Step.AUTH, reply));
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
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
