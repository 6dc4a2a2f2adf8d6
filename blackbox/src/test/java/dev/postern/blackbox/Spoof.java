package dev.postern.blackbox;

import dev.postern.blackbox.peers.Dkimpy;
import dev.postern.blackbox.peers.SigningKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One paragraph of `spoofs.txt`.
///
/// @param name what it is about
/// @param expected the begin of the reply, or the result of DMARC in the inbox
/// @param helo the name that the client gives
/// @param mail the argument of MAIL
/// @param signature who signs the message first
/// @param edits what is then done to it
/// @param message lines with CRLF
@SuppressWarnings("ArrayRecordComponent") // octets to be sent, never compared
record Spoof(
        String name,
        String expected,
        String helo,
        String mail,
        Optional<Signature> signature,
        List<Edit> edits,
        byte[] message) {
    private static final String CRLF = "\r\n";

    /// Who signs the message.
    ///
    /// @param algorithm `rsa` or `ed`
    /// @param headers the signed fields with colons between
    /// @param length whether `l=` says how long the body is
    record Signature(String domain, String algorithm, String headers, boolean length) {
        private static Signature parse(String words) {
            String[] all = words.split(" ", -1);
            return new Signature(all[0], all[1], all[2], all[3].equals("length"));
        }
    }

    /// What is done to a message.
    sealed interface Edit {
        record Top(String field) implements Edit {}

        record Change(String one, String two) implements Edit {
            private static Change parse(String words) {
                String[] both = words.split(" => ", 2);
                return new Change(both[0], both[1]);
            }
        }

        record End(String line) implements Edit {}

        private String apply(String message) {
            return switch (this) {
                case Top(String field) -> field + CRLF + message;
                case End(String line) -> message + line + CRLF;
                case Change(String one, String two) -> {
                    if (!message.contains(one)) {
                        throw new IllegalArgumentException("no " + one + " in " + message);
                    }
                    yield message.replace(one, two);
                }
            };
        }
    }

    /// All of them.
    static List<Spoof> all() throws IOException {
        List<Spoof> spoofs = new ArrayList<>();
        try (InputStream in = Spoof.class.getResourceAsStream("spoofs.txt")) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (String paragraph : text.split("\n\n+", -1)) {
                if (!paragraph.startsWith("#")) {
                    spoofs.add(parse(paragraph.strip().lines().toList()));
                }
            }
        }
        return spoofs;
    }

    private static Spoof parse(List<String> lines) {
        String[] title = lines.getFirst().split(": ", 2);
        String helo = "mail.evil.test";
        String mail = "<me@evil.test>";
        Optional<Signature> signature = Optional.empty();
        List<Edit> edits = new ArrayList<>();
        StringBuilder message = new StringBuilder();
        for (String line : lines.subList(1, lines.size())) {
            String words = unescaped(line.substring(Math.min(2, line.length())));
            switch (line.charAt(0)) {
                case 'H' -> helo = words;
                case 'M' -> mail = words;
                case 'S' -> signature = Optional.of(Signature.parse(words));
                case '^' -> edits.add(new Edit.Top(words));
                case '$' -> edits.add(new Edit.End(words));
                case '~' -> edits.add(Edit.Change.parse(words));
                case '|' -> message.append(words).append(CRLF);
                default -> throw new IllegalArgumentException(line);
            }
        }
        String whole = message.toString();
        if (!whole.contains(CRLF + CRLF) && !whole.startsWith(CRLF)) {
            whole += CRLF + "Hello." + CRLF;
        }
        return new Spoof(title[0], title[1], helo, mail, signature, edits, latin(whole));
    }

    private static String unescaped(String line) {
        return new String(RelayAttempt.octets(line), StandardCharsets.ISO_8859_1);
    }

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /// What dkimpy is to sign.
    ///
    /// @param keys by algorithm, whosever
    Optional<Dkimpy.Signing> signing(Map<String, SigningKey> keys) {
        return signature.map(by -> new Dkimpy.Signing(
                message, keys.get(by.algorithm()).of(by.domain()), "relaxed/relaxed", by.headers(), by.length()));
    }

    /// The message as it is sent.
    ///
    /// @param field the signature, if there is one
    byte[] sent(String field) {
        String text = field + new String(message, StandardCharsets.ISO_8859_1);
        for (Edit edit : edits) {
            text = edit.apply(text);
        }
        return latin(text);
    }

    @Override
    public String toString() {
        return name;
    }
}
