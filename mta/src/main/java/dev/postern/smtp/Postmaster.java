package dev.postern.smtp;

/// The forward-path `<Postmaster>` without a domain, which every server accepts (RFC 5321 §4.5.1).
public record Postmaster() implements ForwardPath {
    @Override
    public boolean isInternational() {
        return false;
    }

    @Override
    public String toString() {
        return "postmaster";
    }
}
