package dev.postern.mime;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.james.mime4j.dom.Entity;
import org.apache.james.mime4j.dom.Message;
import org.apache.james.mime4j.dom.Multipart;
import org.apache.james.mime4j.dom.SingleBody;
import org.apache.james.mime4j.message.DefaultMessageBuilder;
import org.apache.james.mime4j.stream.MimeConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class MimeReaderTest {
    private static final Path VECTORS = Path.of("src/test/resources/dev/postern/mime");

    /// A part as it was seen.
    record Seen(String type, int depth, String content) {}

    static List<Seen> seen(byte[] message, MimeLimits limits, Set<MimeDefect> defects) throws IOException {
        List<Seen> seen = new ArrayList<>();
        defects.addAll(new MimeReader(limits)
                .read(
                        new ByteArrayInputStream(message),
                        (part, content) -> seen.add(new Seen(
                                part.type().toString(),
                                part.depth(),
                                new String(content.readAllBytes(), ISO_8859_1)))));
        return seen;
    }

    /// Mime4j reads what is within a message within the message.
    private static Seen withoutMessage(Seen seen) {
        return seen.type().equals("message/rfc822") ? new Seen(seen.type(), seen.depth(), "") : seen;
    }

    private static byte[] message(String text) {
        return text.replace("\n", "\r\n").getBytes(ISO_8859_1);
    }

    private static List<Seen> seen(String text) throws IOException {
        return seen(message(text), MimeLimits.DEFAULT, new HashSet<>());
    }

    private static Set<MimeDefect> defects(String text) throws IOException {
        Set<MimeDefect> defects = new HashSet<>();
        seen(message(text), MimeLimits.DEFAULT, defects);
        return defects;
    }

    static byte[] vector(String name) throws IOException {
        return message(
                Files.readString(VECTORS.resolve(name + ".msg"), ISO_8859_1).replace("\r\n", "\n"));
    }

    static Stream<String> alike() throws IOException {
        return vectors().filter(name -> !OTHERWISE.contains(name));
    }

    static Stream<String> vectors() throws IOException {
        try (Stream<Path> files = Files.list(VECTORS)) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".msg"))
                    .map(name -> name.substring(0, name.length() - 4))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    /// What is seen in another way: here a header ends before a line that is no field, and blanks at the end of a
    /// boundary are not part of it.
    private static final Set<String> OTHERWISE = Set.of(
            "basic-plain-with-bad-header-separator",
            "malformedHeader-nocrlfcrlf",
            "malformedHeader-noheader",
            "malformedHeaderStartsBody-nocrlfcrlf",
            "malformedHeaderStartsBody-noheader",
            "obsolete",
            "very-long-boundary",
            "very-very-long-boundary",
            "weird-boundary");

    @ParameterizedTest
    @MethodSource("alike")
    void partsAreThoseThatMime4jSees(String name) throws IOException {
        byte[] message = vector(name);
        DefaultMessageBuilder builder = new DefaultMessageBuilder();
        builder.setMimeEntityConfig(MimeConfig.custom()
                .setMaxLineLen(-1)
                .setMaxHeaderLen(-1)
                .setMaxHeaderCount(-1)
                .build());
        List<Seen> theirs = new ArrayList<>();
        collect(builder.parseMessage(new ByteArrayInputStream(message)), 0, theirs);
        assertThat(seen(message, MimeLimits.DEFAULT, new HashSet<>()))
                .extracting(MimeReaderTest::withoutMessage)
                .isEqualTo(theirs);
    }

    private static void collect(Entity entity, int depth, List<Seen> seen) throws IOException {
        switch (entity.getBody()) {
            case Multipart multipart -> {
                for (Entity part : multipart.getBodyParts()) {
                    collect(part, depth + 1, seen);
                }
            }
            case SingleBody body -> {
                ByteArrayOutputStream octets = new ByteArrayOutputStream();
                try (InputStream in = body.getInputStream()) {
                    in.transferTo(octets);
                }
                seen.add(new Seen(entity.getMimeType(), depth, octets.toString(ISO_8859_1)));
            }
            case Message message -> seen.add(new Seen("message/rfc822", depth, ""));
            case null -> seen.add(new Seen(entity.getMimeType(), depth, ""));
            default -> throw new IllegalStateException();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            basic-plain-with-bad-header-separator | text/plain:0:177 |
            malformedHeader-nocrlfcrlf | text/plain:0:105 |
            malformedHeader-noheader | text/plain:0:92 |
            malformedHeaderStartsBody-nocrlfcrlf | text/plain:0:105 |
            malformedHeaderStartsBody-noheader | text/plain:0:92 |
            obsolete | text/plain:0:73 |
            very-long-boundary | text/plain:1:9 text/plain:1:102 text/plain:1:8 | NOT_CLOSED
            very-very-long-boundary | multipart/mixed:0:21228 | NO_BOUNDARY
            weird-boundary | text/plain:1:9 text/plain:1:102 text/plain:1:8 | NOT_CLOSED
            missing-boundary | | NO_PARTS
            missing-inner-boundary | text/plain:1:5 | NO_PARTS
            missing-inner-start-boundary | text/plain:1:5 | NO_PARTS
            multipartnopart | | NO_PARTS
            boundary-name-clash | text/plain:2:60 text/html:2:271 application/pdf:1:31 |
            """)
    void brokenMessagesHaveADefinedStructure(String name, String parts, String defects) throws IOException {
        Set<MimeDefect> found = new HashSet<>();
        String seen = seen(vector(name), MimeLimits.DEFAULT, found).stream()
                .map(part ->
                        part.type() + ":" + part.depth() + ":" + part.content().length())
                .collect(Collectors.joining(" "));
        assertThat(seen).isEqualTo(parts == null ? "" : parts);
        assertThat(found.stream().map(Object::toString).sorted().collect(Collectors.joining(" ")))
                .isEqualTo(defects == null ? "" : defects);
    }

    @Test
    void innerMultipartEndsWithTheOuter() throws IOException {
        String text = """
                Content-Type: multipart/mixed; boundary=outer

                --outer
                Content-Type: multipart/alternative; boundary=inner

                --inner

                first
                --inner

                second
                --outer

                third
                --outer--
                --inner

                epilogue
                """;
        assertThat(seen(text))
                .extracting(Seen::depth, Seen::content)
                .containsExactly(tuple(2, "first"), tuple(2, "second"), tuple(1, "third"));
        assertThat(defects(text)).containsExactly(MimeDefect.NOT_CLOSED);
    }

    @Test
    void lineBreakBeforeADelimiterBelongsToIt() throws IOException {
        String text = "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nA\n\n--b\n\nB\n--b\n--b\n\n--b--";
        assertThat(seen(text)).extracting(Seen::content).containsExactly("A\r\n", "B", "", "");
        assertThat(defects(text)).isEmpty();
    }

    @Test
    void delimitersAreFoundWhereverTheStreamIsCut() throws IOException {
        byte[] message = vector("boundary-name-clash");
        List<Seen> whole = seen(message, MimeLimits.DEFAULT, new HashSet<>());
        for (int piece = 1; piece < 200; piece++) {
            int most = piece;
            InputStream drops = new FilterInputStream(new ByteArrayInputStream(message)) {
                @Override
                public int read(byte[] into, int offset, int length) throws IOException {
                    return super.read(into, offset, Math.min(length, most));
                }
            };
            List<Seen> seen = new ArrayList<>();
            new MimeReader(MimeLimits.DEFAULT)
                    .read(
                            drops,
                            (part, content) -> seen.add(new Seen(
                                    part.type().toString(),
                                    part.depth(),
                                    new String(content.readAllBytes(), ISO_8859_1))));
            assertThat(seen).isEqualTo(whole);
        }
    }

    @Test
    void contentsMayBeLeftUnread() throws IOException {
        List<Integer> first = new ArrayList<>();
        new MimeReader(MimeLimits.DEFAULT)
                .read(
                        new ByteArrayInputStream(vector("boundary-name-clash")),
                        (part, content) -> first.add(content.read()));
        assertThat(first).containsExactly((int) 'P', (int) '<', (int) '%');
    }

    @Test
    void messageCutAnywhereIsRead() throws IOException {
        byte[] message = vector("boundary-name-clash");
        for (int length = 0; length < message.length; length++) {
            byte[] cut = Arrays.copyOf(message, length);
            assertThat(seen(cut, MimeLimits.DEFAULT, new HashSet<>())).hasSizeBetween(0, 4);
        }
    }

    @Test
    void whatIsDeeperThanTheLimitIsContent() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            text.append("Content-Type: multipart/mixed; boundary=b")
                    .append(i)
                    .append("\n\n--b")
                    .append(i)
                    .append("\n");
        }
        Set<MimeDefect> defects = new HashSet<>();
        List<Seen> seen = seen(message(text.toString()), MimeLimits.DEFAULT, defects);
        assertThat(seen).extracting(Seen::type, Seen::depth).containsExactly(tuple("multipart/mixed", 10));
        assertThat(defects).contains(MimeDefect.TOO_DEEP, MimeDefect.NOT_CLOSED);
    }

    @Test
    void partsBehindTheLimitArePassedOver() throws IOException {
        String head = "Content-Type: multipart/mixed; boundary=b\n\n";
        String text = head + "--b\n\nx\n".repeat(100_000) + "--b--\n";
        Set<MimeDefect> defects = new HashSet<>();
        assertThat(seen(message(text), MimeLimits.DEFAULT, defects)).hasSize(1000);
        assertThat(defects).containsExactly(MimeDefect.TOO_MANY_PARTS);
    }

    @Test
    void partWithTooLongAHeaderIsPassedOver() throws IOException {
        String text = "Content-Type: multipart/mixed; boundary=b\n\n--b\nX: " + "y".repeat(300_000)
                + "\n\nfirst\n--b\n\nsecond\n--b--\n";
        Set<MimeDefect> defects = new HashSet<>();
        assertThat(seen(message(text), MimeLimits.DEFAULT, defects))
                .extracting(Seen::content)
                .containsExactly("second");
        assertThat(defects).containsExactly(MimeDefect.HEADER_TOO_LONG);
    }

    @Test
    void messageOfAHeaderThatIsTooLongHasNoParts() throws IOException {
        Set<MimeDefect> defects = new HashSet<>();
        assertThat(seen(message("X: " + "y".repeat(300_000)), MimeLimits.DEFAULT, defects))
                .isEmpty();
        assertThat(defects).containsExactly(MimeDefect.HEADER_TOO_LONG);
    }

    @Test
    void partsOfADigestAreMessages() throws IOException {
        String text = "Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: x\n\n--b--\n";
        assertThat(seen(text)).extracting(Seen::type).containsExactly("message/rfc822");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            base64           | aGVsbG8=                 | hello
            base64           | aGVs bG8                 | hello
            base64           | a!G#V-sbG8=              | hello
            base64           | aGVsbG8=d29ybGQ=         | hello
            base64           | aGVsb                    | hel
            base64           | =                        | ``
            BASE64 (comment) | aGVsbG8=                 | hello
            quoted-printable | caf=C3=A9                | cafÃ©
            quoted-printable | caf=c3=a9                | cafÃ©
            quoted-printable | a=_b=                    | a=_b
            quoted-printable | a=4                      | a=4
            quoted-printable | a=4g=zz                  | a=4g=zz
            quoted-printable | `a b  `                  | a b
            quoted-printable | `a=  `                   | a
            7bit             | a=41                     | a=41
            binary           | a=41                     | a=41
            x-uuencode       | a=41                     | a=41
            """)
    void contentIsDecoded(String encoding, String content, String decoded) throws IOException {
        assertThat(seen("Content-Transfer-Encoding: " + encoding + "\n\n" + content))
                .extracting(Seen::content)
                .containsExactly(decoded == null ? "" : decoded);
    }

    @Test
    void softLineBreaksJoinAndBlanksBeforeALineEndGo() throws IOException {
        String text = "Content-Transfer-Encoding: quoted-printable\n\none=\ntwo= \nthree \t\n four=20\n";
        assertThat(seen(text)).extracting(Seen::content).containsExactly("onetwothree\r\n four \r\n");
    }

    @Test
    void blanksWithoutEndAreContent() throws IOException {
        String blanks = " ".repeat(100_000);
        String text = "Content-Transfer-Encoding: quoted-printable\n\n" + blanks + "x";
        assertThat(seen(text)).extracting(Seen::content).containsExactly(blanks + "x");
    }

    @Test
    void unknownEncodingIsToldAndOctetsStay() throws IOException {
        assertThat(defects("Content-Transfer-Encoding: x-uuencode\n\nx")).containsExactly(MimeDefect.UNKNOWN_ENCODING);
        String multipart = """
                Content-Type: multipart/mixed; boundary=b
                Content-Transfer-Encoding: base64

                --b

                x
                --b--
                """;
        assertThat(defects(multipart)).containsExactly(MimeDefect.UNKNOWN_ENCODING);
    }

    @Test
    void limitsAreAboveZero() {
        assertThatThrownBy(() -> new MimeLimits(0, 1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new MimeLimits(1, 0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new MimeLimits(1, 1, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
