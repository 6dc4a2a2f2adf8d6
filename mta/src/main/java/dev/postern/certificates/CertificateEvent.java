package dev.postern.certificates;

import dev.postern.event.Event;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/// What happened to the certificates that we show.
public sealed interface CertificateEvent extends Event {
    /// Another one is shown to all sessions from now on.
    ///
    /// @param names that it is for
    /// @param until it is valid
    record CertificateShown(Path file, String names, String issuer, Instant until) implements CertificateEvent {}

    /// Files have changed, and what is in them cannot be shown; the old certificate is.
    record CertificateRefused(Path file, String why) implements CertificateEvent {}

    /// A new certificate has to wait; the old one is shown.
    record CertificateWaits(Path file, String why) implements CertificateEvent {}

    /// One that is shown ends soon, or has ended, and no other has taken its place.
    ///
    /// @param left below zero where it has ended
    record CertificateExpires(Path file, Instant until, Duration left) implements CertificateEvent {}

    /// What is shown could not be noted for the next start.
    record CertificateNotKept(Path file, String why) implements CertificateEvent {}

    /// The files could not be looked at, by a mistake of ours.
    record CertificatesNotSeen(RuntimeException mistake) implements CertificateEvent {}
}
