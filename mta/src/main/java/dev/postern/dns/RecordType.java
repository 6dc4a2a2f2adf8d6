package dev.postern.dns;

import java.net.Inet4Address;
import java.net.Inet6Address;

/// A type of resource record that we ask for, with the Java type of its data.
///
/// @param <R> what one record of this type holds
/// @param mnemonic the name in master files
/// @param code the number on the wire
@SuppressWarnings("UnusedTypeParameter") // it types the answer
public record RecordType<R>(String mnemonic, int code) {
    /// IPv4 addresses.
    public static final RecordType<Inet4Address> A = new RecordType<>("A", 1);
    /// Name servers.
    public static final RecordType<DomainName> NS = new RecordType<>("NS", 2);
    /// The name that an alias stands for.
    public static final RecordType<DomainName> CNAME = new RecordType<>("CNAME", 5);
    /// The start of a zone's authority.
    public static final RecordType<SoaRecord> SOA = new RecordType<>("SOA", 6);
    /// Names of an address.
    public static final RecordType<DomainName> PTR = new RecordType<>("PTR", 12);
    /// Mail exchangers, the null MX included.
    public static final RecordType<MxRecord> MX = new RecordType<>("MX", 15);
    /// Texts, the character strings of one record joined without a space, one char an octet.
    public static final RecordType<String> TXT = new RecordType<>("TXT", 16);
    /// IPv6 addresses.
    public static final RecordType<Inet6Address> AAAA = new RecordType<>("AAAA", 28);
    /// Associations of a TLS certificate (RFC 6698).
    public static final RecordType<TlsaRecord> TLSA = new RecordType<>("TLSA", 52);

    @Override
    public String toString() {
        return mnemonic;
    }
}
