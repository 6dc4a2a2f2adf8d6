package dev.postern.app;

import dev.postern.route.Exchangers;
import dev.postern.smtpclient.Encryption;
import dev.postern.smtpclient.Step;
import dev.postern.tlspolicy.TlsRequirement;
import dev.postern.tlspolicy.dane.DaneFinding;
import dev.postern.tlspolicy.hops.HopDecision;
import dev.postern.tlspolicy.mtasts.StsFinding;
import dev.postern.wire.Endpoint;
import dev.postern.wire.PeerCheck;
import dev.postern.wire.TlsState;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/// What a sender would find on its way to a mail domain or a host, and do.
///
/// @param target the domain or host
/// @param lookUps what DNS was asked for its hosts, and answered
/// @param policy its MTA-STS policy; empty for a host
/// @param hosts in the order in which they would be tried
/// @param outcome what would become of mail for it
record TlsFindings(
        String target,
        List<Exchangers.LookUp> lookUps,
        Optional<StsFinding> policy,
        List<OfHost> hosts,
        Outcome outcome) {
    TlsFindings {
        lookUps = List.copyOf(lookUps);
        hosts = List.copyOf(hosts);
    }

    /// What was found of one host.
    ///
    /// @param authentic whether DNSSEC vouches for it being an exchanger of the domain
    /// @param dane what DNS says of its TLSA records; empty for a host without a name
    /// @param decision which protection a session with it must have
    /// @param contact what came of a session with it; empty where none was tried
    record OfHost(
            String name,
            int preference,
            boolean authentic,
            List<InetAddress> addresses,
            Optional<DaneFinding> dane,
            HopDecision decision,
            Optional<Contact> contact,
            Outcome outcome) {
        OfHost {
            addresses = List.copyOf(addresses);
        }
    }

    /// What came of trying to speak with a host.
    sealed interface Contact {
        /// At which of its addresses.
        Endpoint at();

        /// A session under TLS.
        ///
        /// @param requireTls whether it offers REQUIRETLS there
        record Secured(Endpoint at, TlsState state, boolean requireTls) implements Contact {}

        /// A session in the clear, since it offers nothing else.
        record Clear(Endpoint at) implements Contact {}

        /// None.
        record Failed(Endpoint at, Step step, String why) implements Contact {}
    }

    /// What would become of mail.
    enum Result {
        /// It would be delivered.
        DELIVERED,
        /// It would wait, and be tried again.
        DEFERRED,
        /// It would come back.
        RETURNED,
        /// Nobody connected, so it depends on the host.
        NOT_TRIED
    }

    /// The same with a sentence.
    record Outcome(Result result, String sentence) {}

    /// What would become of mail at one host.
    ///
    /// @param required whether the mail requires TLS all the way (REQUIRETLS)
    static Outcome judge(HopDecision decision, Optional<Contact> contact, boolean required) {
        return switch (decision) {
            case HopDecision.PassOver over ->
                new Outcome(
                        over.status().kind() == 5 ? Result.RETURNED : Result.DEFERRED, "is passed over: " + over.why());
            case HopDecision.Use use ->
                contact.map(found -> judge(use.requirement(), found, required))
                        .orElseGet(() -> new Outcome(
                                Result.NOT_TRIED,
                                "would be tried; a session needs: "
                                        + use.requirement().words()));
        };
    }

    private static Outcome judge(TlsRequirement requirement, Contact contact, boolean required) {
        return switch (contact) {
            case Contact.Failed failed -> failed(requirement, failed);
            case Contact.Clear _ ->
                requirement.isMandatory()
                        ? new Outcome(Result.DEFERRED, "is not used: it does not offer STARTTLS, which is required")
                        : new Outcome(Result.DELIVERED, "gets it in the clear: it does not offer STARTTLS");
            case Contact.Secured(Endpoint _, TlsState state, boolean promises) ->
                required && !promises
                        ? new Outcome(Result.RETURNED, "is not used: it does not promise REQUIRETLS")
                        : secured(requirement, state.peer());
        };
    }

    private static Outcome failed(TlsRequirement requirement, Contact.Failed failed) {
        boolean atTls = failed.step() == Step.STARTTLS || failed.step() == Step.HANDSHAKE;
        return atTls && !requirement.isMandatory()
                ? new Outcome(Result.DELIVERED, "gets it in the clear, since TLS fails: " + failed.why())
                : new Outcome(Result.DEFERRED, "cannot be used: " + failed.why());
    }

    private static Outcome secured(TlsRequirement requirement, PeerCheck peer) {
        return switch (requirement) {
            case TlsRequirement.None _, TlsRequirement.May _, TlsRequirement.Encrypt _ ->
                new Outcome(Result.DELIVERED, "gets it encrypted, without any proof of who it is");
            case TlsRequirement.Verified _, TlsRequirement.Fingerprint _, TlsRequirement.Dane _ ->
                peer.isProven()
                        ? new Outcome(Result.DELIVERED, "gets it encrypted, " + Encryption.words(peer))
                        : new Outcome(Result.DEFERRED, "is not used: its certificate is " + Encryption.words(peer));
        };
    }

    /// What would become of mail for the target: the first host that takes it gets it.
    static Outcome of(String target, List<OfHost> hosts) {
        for (Result result : List.of(Result.DELIVERED, Result.NOT_TRIED, Result.DEFERRED, Result.RETURNED)) {
            for (OfHost host : hosts) {
                if (host.outcome().result() == result) {
                    return new Outcome(
                            result,
                            "mail for " + target + " " + words(result) + ": " + host.name() + " "
                                    + host.outcome().sentence());
                }
            }
        }
        throw new IllegalStateException("no host of " + target);
    }

    private static String words(Result result) {
        return switch (result) {
            case DELIVERED -> "would be delivered";
            case DEFERRED -> "would be deferred";
            case RETURNED -> "would be returned";
            case NOT_TRIED -> "was not tried";
        };
    }
}
