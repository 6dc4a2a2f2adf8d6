package dev.postern.tls;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The versions of TLS, the oldest first.
public enum TlsVersion {
    /// Of 1999, with known weaknesses (RFC 8996).
    TLS_1_0("1.0", "TLSv1"),
    /// Of 2006, with known weaknesses (RFC 8996).
    TLS_1_1("1.1", "TLSv1.1"),
    /// The oldest that is used without being asked for (RFC 9325 §3.1.1).
    TLS_1_2("1.2", "TLSv1.2"),
    /// The newest.
    TLS_1_3("1.3", "TLSv1.3");

    private final String number;
    private final String protocol;

    TlsVersion(String number, String protocol) {
        this.number = number;
        this.protocol = protocol;
    }

    /// The version with a number such as `1.2`; empty if there is none.
    public static Optional<TlsVersion> parse(String number) {
        return Arrays.stream(values())
                .filter(version -> version.number.equals(number))
                .findFirst();
    }

    /// Whether it is used only where that is asked for.
    public boolean isOld() {
        return compareTo(TLS_1_2) < 0;
    }

    /// Its name and those of the newer ones, as sockets know them.
    List<String> andNewer() {
        return Arrays.stream(values())
                .filter(version -> version.compareTo(this) >= 0)
                .map(version -> version.protocol)
                .toList();
    }

    @Override
    public String toString() {
        return number;
    }
}
