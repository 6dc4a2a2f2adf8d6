package dev.postern.feedback;

import dev.postern.message.HeaderField;
import dev.postern.message.MessageHeader;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// What of a message's header leaves the house in a report: some fields, and in them no local part
/// of an address but the author's. The same local part always becomes the same digits, so that
/// reports can be compared, and nobody without the secret can try names (RFC 6590 §3).
///
/// @param fields the names of the fields that are shown, in lower case
/// @param secret what the digits are made with
/// @spec https://www.rfc-editor.org/rfc/rfc6590 RFC 6590
public record Redaction(Set<String> fields, String secret) {
    /// Fields that help to find out why a message failed, and say nothing of its content.
    public static final Set<String> USUAL_FIELDS = Set.of(
            "from",
            "sender",
            "reply-to",
            "date",
            "message-id",
            "received",
            "dkim-signature",
            "list-id",
            "mime-version",
            "content-type",
            "content-transfer-encoding");

    private static final Set<String> NO_PEOPLE = Set.of("from", "message-id", "dkim-signature");

    private static final int MOST_FIELDS = 100;
    private static final int LONGEST_FIELD = 8000;
    private static final int LONGEST_LINE = 998;
    private static final int DIGEST_OCTETS = 10;

    private static final String AROUND_ADDRESSES = " \t\r\n<>()[]:;,\"@";

    /// @throws IllegalArgumentException if there is no secret
    public Redaction {
        fields = fields.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
        if (secret.isEmpty()) {
            throw new IllegalArgumentException("no secret to redact with");
        }
    }

    /// Nothing of the secret.
    @Override
    public String toString() {
        return "Redaction[fields=" + fields + "]";
    }

    /// The octets of what is shown of a header, lines ending with CRLF. Fields that are too long for
    /// a report, and lines too long for mail, are left out.
    byte[] header(MessageHeader header) {
        ByteArrayOutputStream shown = new ByteArrayOutputStream();
        int count = 0;
        for (HeaderField field : header.fields()) {
            String name = field.name().toLowerCase(Locale.ROOT);
            if (fields.contains(name) && isShort(field.text()) && count++ < MOST_FIELDS) {
                String harmless = harmless(field.text());
                String text = NO_PEOPLE.contains(name) ? harmless : text(harmless);
                shown.writeBytes((text + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            }
        }
        return shown.toByteArray();
    }

    private static boolean isShort(String text) {
        return text.length() <= LONGEST_FIELD
                && text.lines().allMatch(line -> line.length() <= LONGEST_LINE - 2 * DIGEST_OCTETS);
    }

    /// Lone line ends and control characters, which no field may have, become `?`.
    private static String harmless(String text) {
        return text.replaceAll("\r(?!\n)|(?<!\r)\n|[\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\\x7F]", "?");
    }

    /// A text without the local parts of its addresses: what stands before each `@`, up to a
    /// quotation mark or to what separates addresses.
    String text(String text) {
        StringBuilder redacted = new StringBuilder(text.length());
        int done = 0;
        for (int at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
            int begin = localPart(text, done, at);
            redacted.append(text, done, begin);
            if (begin < at) {
                redacted.append(digits(text.substring(begin, at)));
            }
            redacted.append('@');
            done = at + 1;
        }
        return redacted.append(text, done, text.length()).toString();
    }

    private static int localPart(String text, int from, int at) {
        int begin = at;
        if (begin > from && text.charAt(begin - 1) == '"') {
            int quote = text.lastIndexOf('"', begin - 2);
            return quote >= from ? quote : from;
        }
        while (begin > from && AROUND_ADDRESSES.indexOf(text.charAt(begin - 1)) < 0) {
            begin--;
        }
        return begin;
    }

    private String digits(String localPart) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            byte[] digest = mac.doFinal(localPart.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, DIGEST_OCTETS);
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("every JDK has HMAC-SHA256", broken);
        }
    }
}
