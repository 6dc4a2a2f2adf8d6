package dev.postern.smtp;

/// The reverse-path `<>` of reports, which are never answered by a report (RFC 5321 §4.5.5).
public record NullPath() implements ReversePath {
    @Override
    public boolean isInternational() {
        return false;
    }

    @Override
    public String toString() {
        return "";
    }
}
