package dev.postern.acme;

import dev.postern.event.Event;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;

/// What happened between us and an authority.
public sealed interface AcmeEvent extends Event {
    /// A certificate has come, and is on disk.
    ///
    /// @param names that it is for
    record CertificateIssued(String names, String keys, URI authority, Instant until) implements AcmeEvent {}

    /// An order came to nothing; the certificate that there is stays.
    ///
    /// @param until the certificate that there is is valid; empty where there is none
    /// @param again when it is tried again
    record OrderFailed(String names, String keys, String why, Optional<Instant> until, Instant again)
            implements AcmeEvent {}

    /// There were as many orders within a day as there may be.
    ///
    /// @param again when the next one is allowed
    record OrdersExhausted(int ordersADay, Instant again) implements AcmeEvent {}

    /// The authority says when it wants a certificate to be renewed.
    ///
    /// @param due the moment that we have chosen
    record RenewalPlanned(String names, String keys, Instant due, Optional<String> explanation) implements AcmeEvent {}

    /// What is remembered of orders could not be read or written.
    record JournalTrouble(String why) implements AcmeEvent {}

    /// A proof could not be taken away after its use.
    record ProofLeft(String proof, String why) implements AcmeEvent {}

    /// A mistake of ours ended a round.
    record RoundBroken(RuntimeException mistake) implements AcmeEvent {}
}
