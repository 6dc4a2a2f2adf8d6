package dev.postern.web;

import dev.postern.wire.PeerCheck;
import java.security.cert.CertificateException;

/// A certificate that does not prove that a server is the one that was named.
final class UnprovenException extends CertificateException {
    private static final long serialVersionUID = 1;

    private final PeerCheck.Fault fault;

    UnprovenException(PeerCheck.Fault fault, String why, CertificateException cause) {
        super(why, cause);
        this.fault = fault;
    }

    UnprovenException(PeerCheck.Fault fault, String why) {
        super(why);
        this.fault = fault;
    }

    PeerCheck.Fault fault() {
        return fault;
    }
}
