package dev.postern.message;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// Text beyond ASCII in header fields.
///
/// ```
/// encoded-word = "=?" charset ["*" language] "?" encoding "?" encoded-text "?="
/// ```
///
/// @rfc 2047 §2
public final class EncodedWords {
    /// How many octets of UTF-8 are written into one word: 60 letters of base64 between 10 and 2 others.
    private static final int MOST_OCTETS = 45;

    private static final int LONGEST_CHARSET = 60;

    private EncodedWords() {}

    /// A text with its encoded words read; what is none, or none that can be read, stays as it is. White space between
    /// two that were read goes, and octets of a character may be divided between them, as many programs do.
    ///
    /// @param text unfolded
    public static String decode(String text) {
        return new Decoding(text).decode();
    }

    /// A text as encoded words in UTF-8, each at most 75 characters long and of whole characters; to be divided by
    /// white
    /// space or folding. None for an empty text.
    public static List<String> encode(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        int octets = 0;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            String character = Character.toString(text.codePointAt(i));
            int more = character.getBytes(StandardCharsets.UTF_8).length;
            if (octets + more > MOST_OCTETS) {
                words.add(encoded(word));
                word.setLength(0);
                octets = 0;
            }
            word.append(character);
            octets += more;
        }
        if (!word.isEmpty()) {
            words.add(encoded(word));
        }
        return words;
    }

    private static String encoded(CharSequence word) {
        byte[] octets = word.toString().getBytes(StandardCharsets.UTF_8);
        return "=?utf-8?B?" + Base64.getEncoder().encodeToString(octets) + "?=";
    }

    /// One text being read.
    private static final class Decoding {
        private final String text;
        private final StringBuilder read = new StringBuilder();

        /// Octets of words whose text is not complete yet, and their character set.
        private final ByteArrayOutputStream octets = new ByteArrayOutputStream();

        private Optional<Charset> charset = Optional.empty();

        Decoding(String text) {
            this.text = text;
        }

        String decode() {
            int at = 0;
            while (at < text.length()) {
                Optional<Word> word = word(at);
                if (word.isPresent()) {
                    take(word.get());
                    at = word.get().end();
                    int next = skipSpace(at);
                    at = next > at && word(next).isPresent() ? next : at;
                } else {
                    flush();
                    read.append(text.charAt(at));
                    at++;
                }
            }
            flush();
            return read.toString();
        }

        private int skipSpace(int from) {
            int at = from;
            while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
            return at;
        }

        private void take(Word word) {
            if (!charset.equals(Optional.of(word.charset()))) {
                flush();
                charset = Optional.of(word.charset());
            }
            octets.writeBytes(word.octets());
        }

        private void flush() {
            charset.ifPresent(set -> read.append(octets.toString(set)));
            charset = Optional.empty();
            octets.reset();
        }

        /// The word that begins here.
        private Optional<Word> word(int begin) {
            if (!text.startsWith("=?", begin)) {
                return Optional.empty();
            }
            int encoding = text.indexOf('?', begin + 2);
            int content = encoding + 3;
            if (encoding < 0
                    || encoding - begin > LONGEST_CHARSET
                    || content > text.length()
                    || text.charAt(content - 1) != '?') {
                return Optional.empty();
            }
            int end = content;
            while (end < text.length() && text.charAt(end) > ' ' && text.charAt(end) < 127 && text.charAt(end) != '?') {
                end++;
            }
            if (!text.startsWith("?=", end)) {
                return Optional.empty();
            }
            int afterWord = end + 2;
            String encoded = text.substring(content, end);
            Optional<byte[]> octets = switch (text.charAt(encoding + 1)) {
                case 'B', 'b' -> base64(encoded);
                case 'Q', 'q' -> Optional.of(quotedPrintable(encoded));
                default -> Optional.empty();
            };
            return charset(text.substring(begin + 2, encoding))
                    .flatMap(set -> octets.map(all -> new Word(set, all, afterWord)));
        }

        private static Optional<Charset> charset(String named) {
            int language = named.indexOf('*'); // RFC 2231 §5
            try {
                Charset set = Charset.forName((language < 0 ? named : named.substring(0, language)).strip());
                return Optional.of(set);
            } catch (IllegalCharsetNameException | UnsupportedCharsetException notKnown) {
                return Optional.empty(); // then the word is shown as it stands
            }
        }

        private static Optional<byte[]> base64(String text) {
            try {
                return Optional.of(Base64.getDecoder().decode(text));
            } catch (IllegalArgumentException notBase64) {
                return Optional.empty(); // then the word is shown as it stands
            }
        }

        /// The "Q" encoding (RFC 2047 §4.2); an equals sign without two digits stands for itself.
        private static byte[] quotedPrintable(String text) {
            ByteArrayOutputStream octets = new ByteArrayOutputStream(text.length());
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
                int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
                if (c == '=' && high >= 0 && low >= 0) {
                    octets.write(high << 4 | low);
                    i += 2;
                } else {
                    octets.write(c == '_' ? ' ' : c);
                }
            }
            return octets.toByteArray();
        }
    }

    /// A word that was read.
    ///
    /// @param octets what it stands for
    /// @param end where it ends in the text
    @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
    private record Word(Charset charset, byte[] octets, int end) {}
}
