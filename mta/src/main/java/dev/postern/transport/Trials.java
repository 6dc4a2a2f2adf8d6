package dev.postern.transport;

import dev.postern.smtp.EnhancedStatus;
import dev.postern.smtpclient.Opening;
import dev.postern.tlspolicy.TlsRequirement;
import dev.postern.tlspolicy.TlsTrial;
import dev.postern.tlspolicy.TlsTrial.Outcome;
import dev.postern.tlspolicy.TlsTrial.Outcome.Failure;
import dev.postern.tlspolicy.TlsTrial.Result;
import dev.postern.tlspolicy.hops.HopDecision;
import dev.postern.wire.AddressScope;
import dev.postern.wire.Endpoint;
import dev.postern.wire.PeerCheck;
import dev.postern.wire.TlsState;
import java.net.InetAddress;
import java.util.Optional;

/// Tells how sessions went that were opened, or not, with hosts whose mail domain is told of it; used by all threads.
///
/// @spec https://www.rfc-editor.org/rfc/rfc8460 RFC 8460 §4.3
final class Trials {
    private static final EnhancedStatus NOT_OFFERED = EnhancedStatus.of("5.7.4");

    private final TlsTrial.Observer observer;

    Trials(TlsTrial.Observer observer) {
        this.observer = observer;
    }

    /// Nobody is told.
    static Trials untold() {
        return new Trials(TlsTrial.Observer.none());
    }

    /// A host was passed over.
    void passedOver(NextHops.Hop hop, HopDecision.PassOver decision) {
        decision.failure().ifPresent(failure -> tell(decision, hop, TlsTrial.Addresses.UNKNOWN, failure));
    }

    /// A session was opened, or not. Nothing is told of one that came to nothing before TLS was spoken of.
    void opened(NextHops.Hop hop, HopDecision.Use decision, Opening opening) {
        outcome(decision, opening)
                .ifPresent(outcome ->
                        tell(decision, hop, new TlsTrial.Addresses(address(hop.server()), sender(opening)), outcome));
    }

    private void tell(HopDecision decision, NextHops.Hop hop, TlsTrial.Addresses addresses, Outcome outcome) {
        decision.policy()
                .ifPresent(policy ->
                        observer.tried(new TlsTrial(policy, hop.known().name(), addresses, outcome)));
    }

    /// Our own address, where others can know us by it.
    private static Optional<InetAddress> sender(Opening opening) {
        Optional<Endpoint> local = switch (opening) {
            case Opening.Ready(var client) -> Optional.of(client.local());
            case Opening.Failed failed -> failed.end().map(Opening.End::local);
        };
        return local.flatMap(Trials::address).filter(address -> AddressScope.of(address) == AddressScope.PUBLIC);
    }

    private static Optional<InetAddress> address(Endpoint server) {
        return server instanceof Endpoint.Inet inet ? Optional.of(inet.address()) : Optional.empty();
    }

    private static Optional<Outcome> outcome(HopDecision.Use decision, Opening opening) {
        if (decision.requirement() instanceof TlsRequirement.None) {
            return Optional.empty();
        }
        Optional<Outcome> met = switch (opening) {
            case Opening.Ready(var client) ->
                Optional.of(client.tls()
                        .map(tls -> reached(decision, tls))
                        .orElseGet(() -> new Failure(
                                Result.STARTTLS_NOT_SUPPORTED, "it does not offer STARTTLS, or does not start it")));
            case Opening.Failed failed -> failed(decision, failed);
        };
        return met.isPresent() && decision.watch().foreseen().isPresent()
                ? decision.watch().foreseen().map(failure -> failure)
                : met;
    }

    private static Optional<Outcome> failed(HopDecision.Use decision, Opening.Failed failed) {
        if (failed.tls().isPresent()) {
            return Optional.of(reached(decision, failed.tls().get()));
        }
        return switch (failed.step()) {
            case STARTTLS ->
                Optional.of(new Failure(
                        failed.status().equals(NOT_OFFERED) || failed.reply().isPresent()
                                ? Result.STARTTLS_NOT_SUPPORTED
                                : Result.VALIDATION_FAILURE,
                        failed.why()));
            case HANDSHAKE -> Optional.of(new Failure(Result.VALIDATION_FAILURE, failed.why()));
            case CONNECT, GREETING, HELLO, AUTH, MAIL, RCPT, DATA, CONTENT -> Optional.empty();
        };
    }

    /// What is told of a session under TLS: whether its certificate is what it must be, or should be.
    private static Outcome reached(HopDecision.Use decision, TlsState tls) {
        TlsRequirement wanted = decision.watch().wanted().orElse(decision.requirement());
        return wanted.isChecked() && tls.peer() instanceof PeerCheck.Unproven(PeerCheck.Fault fault, String why)
                ? new Failure(result(fault), why)
                : new Outcome.Success();
    }

    private static Result result(PeerCheck.Fault fault) {
        return switch (fault) {
            case WRONG_NAME -> Result.CERTIFICATE_HOST_MISMATCH;
            case EXPIRED -> Result.CERTIFICATE_EXPIRED;
            case NOT_TRUSTED -> Result.CERTIFICATE_NOT_TRUSTED;
            case NO_TLSA_MATCH -> Result.TLSA_INVALID;
            case OTHER -> Result.VALIDATION_FAILURE;
        };
    }
}
