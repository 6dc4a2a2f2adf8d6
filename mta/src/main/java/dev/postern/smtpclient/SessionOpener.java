package dev.postern.smtpclient;

import dev.postern.event.Events;
import dev.postern.smtp.Capabilities;
import dev.postern.smtp.CommandWriter;
import dev.postern.smtp.Dialect;
import dev.postern.smtp.EnhancedStatus;
import dev.postern.smtp.Extension;
import dev.postern.smtp.Reply;
import dev.postern.wire.Connection;
import dev.postern.wire.Deadline;
import dev.postern.wire.Endpoint;
import dev.postern.wire.TlsState;
import dev.postern.wire.TlsUpgrade;
import java.io.IOException;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLPeerUnverifiedException;

/// Opens sessions: connects, hears the greeting, says EHLO, starts TLS, authenticates; shared by all threads.
///
/// @spec https://www.rfc-editor.org/rfc/rfc5321 RFC 5321 §3.1, §3.2
public final class SessionOpener {
    /// Replies to EHLO after which HELO is tried: the verb or its argument is not understood (RFC 5321 §3.2).
    private static final Set<Integer> EHLO_UNKNOWN = Set.of(500, 501, 502, 504, 550);

    /// How far the reason of a failure is looked for.
    private static final int DEEPEST_CAUSE = 20;

    private final Connector connector;
    private final ClientSettings settings;
    private final Events events;
    private final SecureRandom nonces = new SecureRandom();

    public SessionOpener(Connector connector, ClientSettings settings, Events events) {
        this.connector = connector;
        this.settings = settings;
        this.events = events;
    }

    /// The time-outs of the sessions.
    public ClientTimeouts timeouts() {
        return settings.timeouts();
    }

    /// Opens a session with a server.
    ///
    /// @param patience the moment by which the connection must be made, if that is earlier than the time-out
    public Opening open(Endpoint server, SessionPlan plan, Deadline patience, DialogueListener dialogue) {
        long began = System.nanoTime();
        Opening opening = connect(server, plan, patience, dialogue);
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        switch (opening) {
            case Opening.Ready(SmtpClient client) ->
                events.emit(new SmtpClientEvent.HostReached(
                        server, client.capabilities().greeting(), client.encryption(), took));
            case Opening.Failed failed ->
                events.emit(new SmtpClientEvent.HostNotReached(server, failed.step(), failed.why(), took));
        }
        return opening;
    }

    private Opening connect(Endpoint server, SessionPlan plan, Deadline patience, DialogueListener dialogue) {
        Connection connection;
        try {
            Deadline deadline = Deadline.after(settings.timeouts().connect()).orSooner(patience);
            connection = connector.connect(server, deadline);
        } catch (IOException e) {
            String why = "cannot connect: " + Words.of(e);
            dialogue.noted(why);
            return new Opening.Failed(Step.CONNECT, EnhancedStatus.of("4.4.1"), why, Optional.empty());
        }
        dialogue.noted("connected to " + server);
        Exchange exchange =
                new Exchange(connection, dialogue, settings.timeouts().block());
        Opening opening = new Course(server, plan, exchange).run();
        if (opening instanceof Opening.Failed) {
            connector.disconnect(connection);
        }
        return opening;
    }

    /// The way of one session from the connection to where mail can be sent; `step` tells where it is.
    private final class Course {
        private final Endpoint server;
        private final SessionPlan plan;
        private final Exchange exchange;
        private Step step = Step.GREETING;
        private Capabilities capabilities = Capabilities.none();

        Course(Endpoint server, SessionPlan plan, Exchange exchange) {
            this.server = server;
            this.plan = plan;
            this.exchange = exchange;
        }

        Opening run() {
            try {
                Optional<Opening.Failed> failure = greetAndSecure();
                if (failure.isEmpty() && plan.login().isPresent()) {
                    step = Step.AUTH;
                    failure = new Authentication(
                                    exchange, capabilities, timeouts().auth(), nonces)
                            .run(plan.login().get());
                }
                return failure.isPresent()
                        ? failure.get().on(exchange.connection())
                        : new Opening.Ready(new SmtpClient(
                                server,
                                exchange,
                                new SmtpClient.Terms(
                                        plan.protocol(),
                                        capabilities,
                                        Secrecy.of(exchange.connection(), plan),
                                        settings),
                                connector,
                                events));
            } catch (Exchange.ServerCloses closing) {
                return refused(closing.reply()).on(exchange.connection());
            } catch (IOException e) {
                exchange.dialogue().noted("failed at " + step.words() + ": " + Words.of(e));
                if (step == Step.HANDSHAKE && isAboutTheCertificate(e)) {
                    return failed("5.7.5", "its certificate does not prove that it is this host: " + Words.of(e))
                            .on(exchange.connection());
                }
                String status = step == Step.HANDSHAKE ? "4.7.5" : "4.4.2";
                return failed(status, "lost at " + step.words() + ": " + Words.of(e))
                        .on(exchange.connection());
            }
        }

        /// Whether the handshake failed for what the server showed, so that it will again.
        private static boolean isAboutTheCertificate(IOException failure) {
            int depth = 0;
            for (Throwable t = failure; t != null && depth < DEEPEST_CAUSE; t = t.getCause()) {
                if (t instanceof CertificateException || t instanceof SSLPeerUnverifiedException) {
                    return true;
                }
                depth++;
            }
            return false;
        }

        private Optional<Opening.Failed> greetAndSecure() throws IOException {
            if (plan.tls() instanceof TlsChoice.Implicit(TlsUpgrade upgrade)) {
                Optional<Opening.Failed> unproven = handshake(upgrade);
                if (unproven.isPresent()) {
                    return unproven;
                }
                step = Step.GREETING;
            }
            Reply greeting = exchange.hear(Deadline.after(timeouts().greeting()));
            if (!greeting.isPositive()) {
                return Optional.of(refused(greeting));
            }
            Optional<Opening.Failed> unheard = hello();
            if (unheard.isPresent()) {
                return unheard;
            }
            return switch (plan.tls()) {
                case TlsChoice.None _, TlsChoice.Implicit _ -> Optional.empty();
                case TlsChoice.Opportunistic(TlsUpgrade upgrade) ->
                    capabilities.has(Extension.STARTTLS) ? startTls(upgrade, false) : Optional.empty();
                case TlsChoice.Required(TlsUpgrade upgrade) ->
                    capabilities.has(Extension.STARTTLS) ? startTls(upgrade, true) : Optional.of(notOffered());
            };
        }

        private Optional<Opening.Failed> hello() throws IOException {
            step = Step.HELLO;
            String name = settings.name();
            boolean lmtp = plan.protocol() == Dialect.Protocol.LMTP;
            Reply reply = exchange.ask(
                    lmtp ? CommandWriter.lhlo(name) : CommandWriter.ehlo(name),
                    timeouts().hello());
            if (reply.isPositive()) {
                capabilities = Capabilities.of(reply);
                return Optional.empty();
            }
            if (lmtp || !EHLO_UNKNOWN.contains(reply.code())) {
                return Optional.of(refused(reply));
            }
            reply = exchange.ask(CommandWriter.helo(name), timeouts().hello());
            capabilities = Capabilities.none();
            return reply.isPositive() ? Optional.empty() : Optional.of(refused(reply));
        }

        /// Starts TLS and says EHLO again: what was known before is forgotten (RFC 3207 §4.2).
        private Optional<Opening.Failed> startTls(TlsUpgrade upgrade, boolean required) throws IOException {
            step = Step.STARTTLS;
            Reply reply = exchange.ask(CommandWriter.startTls(), timeouts().hello());
            if (!reply.isPositive()) {
                if (required) {
                    return Optional.of(reply.status().isPresent() ? refused(reply) : noTls(reply));
                }
                events.emit(new SmtpClientEvent.HostStayedClear(server, reply));
                return Optional.empty();
            }
            if (exchange.connection().buffered() > 0) {
                return Optional.of(failed("4.7.5", "the server sent octets in the clear behind its reply to STARTTLS"));
            }
            Optional<Opening.Failed> unproven = handshake(upgrade);
            if (unproven.isPresent()) {
                return unproven;
            }
            capabilities = Capabilities.none();
            return hello();
        }

        /// That TLS is not to be had, where the server does not say it itself (RFC 3463 §3.8).
        private Opening.Failed noTls(Reply reply) {
            Opening.Failed plain = refused(reply);
            return new Opening.Failed(
                    step, EnhancedStatus.of(reply.isPermanent() ? "5.7.0" : "4.7.0"), plain.why(), plain.reply());
        }

        private Opening.Failed notOffered() {
            step = Step.STARTTLS;
            return failed("5.7.4", "TLS is required, and the server does not offer STARTTLS");
        }

        /// @return why the session is given up: the certificate has to prove the server, and does not
        private Optional<Opening.Failed> handshake(TlsUpgrade upgrade) throws IOException {
            step = Step.HANDSHAKE;
            TlsState agreed = exchange.connection()
                    .startTls(upgrade, Deadline.after(timeouts().handshake()));
            String proof = Encryption.words(agreed.peer());
            exchange.dialogue().noted("TLS: " + agreed.protocol() + " " + agreed.cipher() + ", " + proof);
            return plan.proof().isDemanded() && !agreed.peer().isProven()
                    ? Optional.of(failed("5.7.5", "its certificate does not prove that it is this host: " + proof))
                    : Optional.empty();
        }

        private Opening.Failed failed(String status, String why) {
            return new Opening.Failed(step, EnhancedStatus.of(status), why, Optional.empty());
        }

        private Opening.Failed refused(Reply reply) {
            return Words.refused(step, reply);
        }
    }
}
