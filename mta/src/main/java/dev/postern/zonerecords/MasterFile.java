package dev.postern.zonerecords;

import dev.postern.dns.DomainName;
import dev.postern.dns.MxRecord;
import dev.postern.dns.RecordType;
import dev.postern.dns.TlsaRecord;
import java.net.InetAddress;
import java.util.Locale;

/// Records as whoever edits a zone wants to paste them.
///
/// @rfc 1035 §5.1
public final class MasterFile {
    private static final int LONGEST_STRING = 255;

    private MasterFile() {}

    /// A record, with a full name and without a time to live.
    ///
    /// @param data of one of the types that we ask for; a text may hold any octet
    public static String line(DomainName name, RecordType<?> type, Object data) {
        return String.format(Locale.ROOT, "%s.  %-5s %s", name, type.mnemonic(), data(data));
    }

    /// A TXT record, its text in strings of at most 255 octets.
    ///
    /// @param text one char an octet
    public static String txt(DomainName name, String text) {
        return line(name, RecordType.TXT, text);
    }

    /// The data of a record.
    ///
    /// @throws IllegalArgumentException if they are of no type that we ask for
    public static String data(Object data) {
        return switch (data) {
            case String text -> strings(text);
            case DomainName name -> name + ".";
            case MxRecord(int preference, var host) ->
                preference + " " + host.map(name -> name + ".").orElse(".");
            case TlsaRecord(int usage, int selector, int matching, String association) ->
                usage + " " + selector + " " + matching + " " + association;
            case InetAddress address -> address.getHostAddress();
            default -> throw new IllegalArgumentException("no data of a record: " + data);
        };
    }

    private static String strings(String text) {
        StringBuilder strings = new StringBuilder();
        for (int at = 0; at == 0 || at < text.length(); at += LONGEST_STRING) {
            strings.append(at == 0 ? "\"" : " \"");
            text.substring(at, Math.min(at + LONGEST_STRING, text.length()))
                    .chars()
                    .forEach(octet -> strings.append(octet(octet)));
            strings.append('"');
        }
        return strings.toString();
    }

    private static String octet(int octet) {
        if (octet == '"' || octet == '\\') {
            return "\\" + (char) octet;
        }
        return octet >= ' ' && octet <= '~' ? Character.toString(octet) : String.format(Locale.ROOT, "\\%03d", octet);
    }
}
