package dev.postern.certificates;

import java.security.cert.X509Certificate;
import java.util.List;

/// Says whether a certificate that has come may be shown yet, or would make strict senders turn away as long as what
/// is published in DNS fits another one only (RFC 7671 §8.1); used by one thread at a time.
///
/// It may ask the network, and is never asked while a listener waits for it: until it allows the new certificate, the
/// old one is shown.
@FunctionalInterface
public interface ActivationGuard {
    /// Whether to go over from one certificate to another now. It is asked again at every look at the files while it
    /// says no, about once in half a minute: what is dear to find out it should remember for a while.
    ///
    /// @param shown the chain that the new one takes the place of, its own certificate first; empty where there
    ///     is none
    /// @param fresh the chain that has come, its own certificate first
    Ruling mayShow(List<X509Certificate> shown, List<X509Certificate> fresh);

    /// What it says.
    sealed interface Ruling {
        /// It may be shown.
        record Allowed() implements Ruling {}

        /// It has to wait.
        ///
        /// @param why a sentence for the administrator that says what to publish
        record NotYet(String why) implements Ruling {}
    }

    /// Allows whatever comes.
    static ActivationGuard none() {
        return (shown, fresh) -> new Ruling.Allowed();
    }
}
