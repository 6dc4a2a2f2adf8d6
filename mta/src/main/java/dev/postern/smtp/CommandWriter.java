package dev.postern.smtp;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Writes a client's commands as octets, CRLF at their end, with only the parameters that the
/// server announced.
///
/// No CR, LF or other control character gets into a command: the types of the arguments hold none,
/// and what is plain text is checked.
///
/// @spec https://www.rfc-editor.org/rfc/rfc5321 RFC 5321 §4.1.1
public final class CommandWriter {
    private static final int MAX_ORIGINAL_RECIPIENT = 500;

    private CommandWriter() {}

    /// EHLO (RFC 5321 §4.1.1.1).
    ///
    /// @param name our host name or address literal
    public static byte[] ehlo(String name) {
        return octets("EHLO " + name);
    }

    /// HELO, for servers without EHLO (RFC 5321 §4.1.1.1).
    ///
    /// @param name our host name or address literal
    public static byte[] helo(String name) {
        return octets("HELO " + name);
    }

    /// LHLO (RFC 2033 §4.1).
    ///
    /// @param name our host name or address literal
    public static byte[] lhlo(String name) {
        return octets("LHLO " + name);
    }

    /// MAIL with those of the parameters that the server knows: SIZE, BODY, SMTPUTF8, RET, ENVID,
    /// AUTH, REQUIRETLS, BY, HOLDFOR or HOLDUNTIL, MT-PRIORITY.
    ///
    /// What the message needs beyond that is for the caller to see before: SMTPUTF8 for
    /// international addresses, 8BITMIME for octets above 127.
    ///
    /// @throws IllegalArgumentException if the path is international and the server has no SMTPUTF8
    public static byte[] mail(ReversePath path, MailParameters parameters, Capabilities server) {
        requireUtf8(path.isInternational(), server);
        StringBuilder line = new StringBuilder("MAIL FROM:<").append(path).append('>');
        if (server.has(Extension.SIZE) && parameters.size().isPresent()) {
            line.append(" SIZE=").append(parameters.size().getAsLong());
        }
        Optional<Extension> bodyNeeds = switch (parameters.body()) {
            case SEVEN_BIT -> Optional.empty();
            case EIGHT_BIT_MIME -> Optional.of(Extension.EIGHT_BIT_MIME);
            case BINARY_MIME -> Optional.of(Extension.BINARY_MIME);
        };
        if (bodyNeeds.filter(server::has).isPresent()) {
            line.append(" BODY=").append(parameters.body().keyword());
        }
        if (server.has(Extension.SMTPUTF8) && parameters.smtpUtf8()) {
            line.append(" SMTPUTF8");
        }
        if (server.has(Extension.DSN)) {
            parameters.ret().ifPresent(ret -> line.append(" RET=").append(ret));
            parameters.envelopeId().ifPresent(id -> line.append(" ENVID=").append(Xtext.encode(id)));
        }
        if (server.has(Extension.AUTH)) {
            parameters
                    .auth()
                    .ifPresent(auth -> line.append(" AUTH=").append(auth.isEmpty() ? "<>" : Xtext.encode(auth)));
        }
        if (server.has(Extension.REQUIRETLS) && parameters.handling().requireTls()) {
            line.append(" REQUIRETLS");
        }
        handling(parameters.handling(), server).forEach(line::append);
        return octets(line.toString());
    }

    /// BY, HOLDFOR or HOLDUNTIL, MT-PRIORITY.
    private static List<String> handling(Handling handling, Capabilities server) {
        List<String> words = new ArrayList<>(0);
        if (server.has(Extension.DELIVERBY)) {
            handling.deliverBy().ifPresent(by -> words.add(" BY=" + by));
        }
        if (server.has(Extension.FUTURERELEASE)) {
            handling.release()
                    .ifPresent(release -> words.add(
                            switch (release) {
                                case FutureRelease.HoldFor _ -> " HOLDFOR=" + release.value();
                                case FutureRelease.HoldUntil _ -> " HOLDUNTIL=" + release.value();
                            }));
        }
        if (server.has(Extension.MT_PRIORITY)) {
            handling.priority().ifPresent(priority -> words.add(" MT-PRIORITY=" + priority));
        }
        return words;
    }

    /// RCPT, with NOTIFY and ORCPT if the server knows DSN.
    ///
    /// @throws IllegalArgumentException if the path is international and the server has no SMTPUTF8
    public static byte[] rcpt(Recipient recipient, Capabilities server) {
        requireUtf8(recipient.path().isInternational(), server);
        StringBuilder line =
                new StringBuilder("RCPT TO:<").append(recipient.path()).append('>');
        if (server.has(Extension.DSN)) {
            RcptParameters parameters = recipient.parameters();
            parameters.notifyOn().ifPresent(notifyOn -> line.append(" NOTIFY=").append(notifyOn));
            parameters
                    .originalRecipient()
                    .map(CommandWriter::coded)
                    .filter(coded -> coded.length() <= MAX_ORIGINAL_RECIPIENT)
                    .ifPresent(coded -> line.append(" ORCPT=").append(coded));
        }
        return octets(line.toString());
    }

    private static String coded(OriginalRecipient original) {
        boolean international = original.addressType().equalsIgnoreCase(OriginalRecipient.UTF_8);
        String address = original.address();
        return original.addressType() + ";" + (international ? Utf8AddrXtext.encode(address) : Xtext.encode(address));
    }

    /// DATA.
    public static byte[] data() {
        return octets("DATA");
    }

    /// BDAT (RFC 3030 §2).
    ///
    /// @param length octets of the chunk, 0 or more
    public static byte[] bdat(long length, boolean last) {
        if (length < 0) {
            throw new IllegalArgumentException("a chunk of " + length + " octets");
        }
        return octets("BDAT " + length + (last ? " LAST" : ""));
    }

    /// AUTH (RFC 4954 §4).
    ///
    /// @param initialResponse base64, `=` for an empty one
    public static byte[] auth(String mechanism, Optional<String> initialResponse) {
        return octets("AUTH " + mechanism + initialResponse.map(" "::concat).orElse(""));
    }

    /// A response within AUTH, or `*` to give it up (RFC 4954 §4).
    ///
    /// @param base64 the response in base64, empty for an empty one
    public static byte[] authResponse(String base64) {
        return octets(base64);
    }

    /// STARTTLS.
    public static byte[] startTls() {
        return octets("STARTTLS");
    }

    /// RSET.
    public static byte[] rset() {
        return octets("RSET");
    }

    /// NOOP.
    public static byte[] noop() {
        return octets("NOOP");
    }

    /// QUIT.
    public static byte[] quit() {
        return octets("QUIT");
    }

    private static void requireUtf8(boolean international, Capabilities server) {
        if (international && !server.has(Extension.SMTPUTF8)) {
            throw new IllegalArgumentException("an international address for a server without SMTPUTF8");
        }
    }

    private static byte[] octets(String line) {
        if (Text.hasControl(line)) {
            throw new IllegalArgumentException("a control character in a command");
        }
        return (line + "\r\n").getBytes(StandardCharsets.UTF_8);
    }
}
