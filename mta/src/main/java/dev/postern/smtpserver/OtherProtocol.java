package dev.postern.smtpserver;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// A protocol that is not SMTP, told by how it begins. Whoever speaks it here is lost, is looking around, or has been
/// made to by somebody else, such as a browser that posts a form to this port.
enum OtherProtocol {
    /// Requests and answers of HTTP, whatever their version.
    HTTP,
    /// RTSP, ICAP and SIP, whose request lines look like those of HTTP.
    LIKE_HTTP,
    /// A field of a header: of an HTTP request, or of a message whose sender has lost its way.
    HEADER,
    /// A record of TLS where the connection is in the clear.
    TLS,
    /// The banner of SSH.
    SSH,
    /// A PROXY header, version 1 or 2, of a balancer that is none of ours.
    PROXY,
    /// TPKT, below RDP.
    RDP,
    /// A NetBIOS session message with SMB.
    SMB,
    /// A JSON object or array.
    JSON,
    /// Markup.
    XML,
    /// Octets that no text begins with.
    BINARY;

    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "PRI");
    private static final Pattern REQUEST = Pattern.compile("\\S++ ++\\S++ ++([A-Z]{3,5})/\\d(?:\\.\\d)?+\\s*+");
    private static final Set<String> REQUESTS_LIKE_HTTP = Set.of("RTSP", "ICAP", "SIP");
    private static final Pattern FIELD = Pattern.compile("[A-Za-z][A-Za-z0-9-]*+:.*+", Pattern.DOTALL);
    private static final Pattern PROXY_HEADER = Pattern.compile("PROXY (?:TCP[46]|UNKNOWN)\\b.*+", Pattern.DOTALL);
    private static final String PROXY_SIGNATURE = "\r\n\r\n\0";
    private static final int TLS_RECORD = 22;
    private static final int TPKT = 3;
    private static final int SMB_AT = 5;

    /// What a session says that begins with these octets, where that can be told before its first line has ended.
    ///
    /// @param octets the first ones, at least one
    static Optional<OtherProtocol> ofFirst(byte[] octets) {
        String text = new String(octets, StandardCharsets.ISO_8859_1);
        if (text.startsWith(PROXY_SIGNATURE)) {
            return Optional.of(PROXY);
        }
        return switch (text.charAt(0)) {
            case '{', '[' -> Optional.of(JSON);
            case '<' -> Optional.of(XML);
            case TLS_RECORD -> Optional.of(TLS);
            case TPKT -> Optional.of(RDP);
            default -> isBinary(text) ? Optional.of(text.startsWith("SMB", SMB_AT) ? SMB : BINARY) : Optional.empty();
        };
    }

    /// Octets of the first line that neither a program nor a human at a terminal sends.
    private static boolean isBinary(String text) {
        int lf = text.indexOf('\n');
        String line = lf < 0 ? text : text.substring(0, lf);
        return text.charAt(0) >= 0x80 || line.chars().anyMatch(c -> c < ' ' && "\r\t\b\u001b".indexOf(c) < 0);
    }

    /// What a line is that is no command of ours.
    static Optional<OtherProtocol> ofLine(String line) {
        String first = line.split(" ", 2)[0].toUpperCase(Locale.ROOT);
        var request = REQUEST.matcher(line);
        if (request.matches() && REQUESTS_LIKE_HTTP.contains(request.group(1))) {
            return Optional.of(LIKE_HTTP);
        }
        if (METHODS.contains(first)
                || first.startsWith("HTTP/")
                || (request.matches() && request.group(1).equals("HTTP"))) {
            return Optional.of(HTTP);
        }
        if (first.startsWith("SSH-")) {
            return Optional.of(SSH);
        }
        if (PROXY_HEADER.matcher(line).matches()) {
            return Optional.of(PROXY);
        }
        return FIELD.matcher(line).matches() ? Optional.of(HEADER) : Optional.empty();
    }

    /// The word in the log and in decisions.
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
