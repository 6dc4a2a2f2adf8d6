package dev.postern.smtpserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.policy.ListenerRole;
import dev.postern.spool.QueueId;
import dev.postern.spool.SpooledMessage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Every odd form of octets at every place of a session: the table `odd-octets.txt`, played with the stream whole, cut
/// once at each octet, and octet by octet. The replies and what is stored are the same whatever the cut.
class OddOctetsTest {
    private static final String EHLO = "EHLO client.example\r\n";
    private static final String MAIL = EHLO + "MAIL FROM:<ann@example.com>\r\n";
    private static final String RCPT = MAIL + "RCPT TO:<alice@example.org>\r\n";

    /// Where octets can stand. What comes before goes well; `{}` is where they are put; `NOOP` and `QUIT` follow.
    enum Place {
        LINE_END(EHLO, "NOOP{}"),
        HELO(EHLO, "EHLO c{}d.example\r\n"),
        VERB(EHLO, "NO{}OP\r\n"),
        ARGUMENT(EHLO, "NOOP x{}y\r\n"),
        SENDER(EHLO, "MAIL FROM:<a{}b@example.com>\r\n"),
        SENDER_QUOTED(EHLO, "MAIL FROM:<\"a{}b\"@example.com>\r\n"),
        SENDER_DOMAIN(EHLO, "MAIL FROM:<a@x{}y.example>\r\n"),
        SENDER_UTF8(EHLO, "MAIL FROM:<a{}b@example.com> SMTPUTF8\r\n"),
        RECIPIENT(MAIL, "RCPT TO:<al{}ice@example.org>\r\n"),
        PARAMETER(EHLO, "MAIL FROM:<a@example.com> BODY=8BIT{}MIME\r\n"),
        ENVID(EHLO, "MAIL FROM:<a@example.com> ENVID=a{}b\r\n"),
        ENVID_UTF8(EHLO, "MAIL FROM:<a@example.com> SMTPUTF8 ENVID=a{}b\r\n"),
        ORCPT(MAIL, "RCPT TO:<alice@example.org> ORCPT=rfc822;a{}b@example.org\r\n"),
        ORCPT_UTF8(
                EHLO + "MAIL FROM:<ann@example.com> SMTPUTF8\r\n",
                "RCPT TO:<alice@example.org> ORCPT=utf-8;a{}b@example.org\r\n"),
        AUTH(EHLO, "AUTH PLAIN AGFsaWN{}lAHNlY3JldA==\r\n"),
        AUTH_RESPONSE(EHLO, "AUTH PLAIN\r\nAGFsaWN{}lAHNlY3JldA==\r\n"),
        HEADER(RCPT + "DATA\r\n", "Subject: one{}two\r\n\r\ntext\r\n.\r\n"),
        BODY(RCPT + "DATA\r\n", "Subject: x\r\n\r\none{}two\r\n.\r\n"),
        CHUNKED_HEADER(RCPT, "Subject: one{}two\r\n\r\ntext\r\n"),
        CHUNKED_BODY(RCPT, "Subject: x\r\n\r\none{}two\r\n");

        private final String before;
        private final String template;

        Place(String before, String template) {
            this.before = before;
            this.template = template;
        }

        private ListenerRole role() {
            return this == AUTH || this == AUTH_RESPONSE ? ListenerRole.SUBMISSIONS : ListenerRole.MX;
        }

        private boolean isContent() {
            return compareTo(HEADER) >= 0;
        }

        /// What a client says about these octets.
        private String said(String octets) {
            String said = template.replace("{}", octets);
            return this == CHUNKED_HEADER || this == CHUNKED_BODY ? "BDAT " + said.length() + " LAST\r\n" + said : said;
        }

        /// What is stored of it where it is taken: as RFC 5321 section 4.5.2 says, in the plainest code.
        private String stored(String octets) {
            String said = template.replace("{}", octets);
            if (this == CHUNKED_HEADER || this == CHUNKED_BODY) {
                return said;
            }
            String stream = "\r\n" + said;
            return stream.substring(0, stream.indexOf("\r\n.\r\n") + 2)
                    .replace("\r\n.", "\r\n")
                    .substring(2);
        }
    }

    /// Octets by their names, and the replies at each place by the names.
    record Table(Map<String, String> forms, Map<Place, Map<String, String>> replies) {
        static Table read() throws IOException {
            Map<String, String> forms = new LinkedHashMap<>();
            Map<Place, Map<String, String>> replies = new LinkedHashMap<>();
            Map<String, String> here = forms;
            for (String line : lines()) {
                if (line.isBlank() || line.startsWith("#")) {
                    continue;
                }
                if (line.startsWith("at ")) {
                    here = new LinkedHashMap<>();
                    replies.put(Place.valueOf(line.substring(3)), here);
                    continue;
                }
                String[] halves = line.strip().split(" *: ", 2);
                if (replies.isEmpty()) {
                    forms.put(halves[0], octets(halves[1]));
                } else {
                    for (String name : halves[1].split(" +", -1)) {
                        assertThat(here.put(name, halves[0]))
                                .as(name + " stands twice")
                                .isNull();
                    }
                }
            }
            return new Table(forms, replies);
        }

        private static List<String> lines() throws IOException {
            try (InputStream in = OddOctetsTest.class.getResourceAsStream("odd-octets.txt")) {
                return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                        .lines()
                        .toList();
            }
        }

        /// Text with octets as `\x0d`, one char an octet.
        private static String octets(String escaped) {
            StringBuilder octets = new StringBuilder();
            for (int i = 0; i < escaped.length(); i++) {
                if (escaped.startsWith("\\x", i) && escaped.charAt(i + 2) != '{') {
                    octets.append((char) Integer.parseInt(escaped.substring(i + 2, i + 4), 16));
                    i += 3;
                } else {
                    octets.append(escaped.charAt(i));
                }
            }
            return octets.toString();
        }
    }

    @Test
    void everyFormHasItsReplyAtEveryPlace() throws IOException {
        Table table = Table.read();
        assertThat(table.forms()).hasSizeGreaterThan(60);
        assertThat(table.replies().keySet()).containsExactly(Place.values());
        for (Place place : Place.values()) {
            assertThat(table.replies().get(place).keySet())
                    .as(place.name())
                    .containsExactlyInAnyOrderElementsOf(table.forms().keySet());
        }
    }

    @TestFactory
    Stream<DynamicTest> everyFormIsAnsweredAsTheTableSaysWhateverTheCut() throws IOException {
        Table table = Table.read();
        return Stream.of(Place.values())
                .map(place -> DynamicTest.dynamicTest(place.name(), () -> {
                    List<String> wrong = new ArrayList<>();
                    table.forms().forEach((name, octets) -> {
                        String found = play(place, name, octets);
                        if (!found.equals(table.replies().get(place).get(name))) {
                            wrong.add(found + " : " + name);
                        }
                    });
                    assertThat(wrong).as("differs from the table").isEmpty();
                }));
    }

    /// The replies to what stands at the place, after they were found to be the same with every cut.
    private static String play(Place place, String name, String octets) {
        byte[] before = place.before.getBytes(StandardCharsets.ISO_8859_1);
        byte[] stream = (place.before + place.said(octets) + "NOOP\r\nQUIT\r\n").getBytes(StandardCharsets.ISO_8859_1);
        World world = new World();
        Recital recital = new Recital(world, World.settings(place.role()));
        try {
            Recital.Said whole = recital.play(stream);
            Optional<String> kept = check(world, place, name, octets, whole);
            for (int cut = before.length; cut < stream.length; cut++) {
                same(world, place, name, whole, kept, recital.playCut(stream, cut));
            }
            same(world, place, name, whole, kept, recital.playDripping(stream));
            assertThat(world.spool.open()).as("drafts left open").isEmpty();
            List<String> codes = whole.codes();
            int behind = place == Place.LINE_END ? 1 : 2;
            assertThat(codes.subList(codes.size() - behind, codes.size()))
                    .as("replies to what follows " + place + " " + name)
                    .isEqualTo(List.of("250/2.0.0", "221/2.0.0").subList(2 - behind, 2));
            int known = place.before.split("\r\n", -1).length; // with the greeting, and without what is empty
            return String.join(" ", codes.subList(known, codes.size() - behind));
        } catch (IOException e) {
            throw new AssertionError(place + " " + name, e);
        }
    }

    /// A content in two chunks is the same wherever the first ends.
    @Test
    void everyFormMeansTheSameWhereverAChunkEnds() throws IOException {
        for (Map.Entry<String, String> form : Table.read().forms().entrySet()) {
            String content = Place.CHUNKED_BODY.template.replace("{}", form.getValue());
            World world = new World();
            Recital recital = new Recital(world, World.settings(ListenerRole.MX));
            Recital.Said whole = recital.play(chunked(content, content.length()));
            Optional<String> kept = check(world, Place.CHUNKED_BODY, form.getKey(), form.getValue(), whole);
            for (int end = 0; end < content.length(); end++) {
                Recital.Said said = recital.play(chunked(content, end));
                assertThat(said.codes()).as(form.getKey() + " " + end).isEqualTo(whole.codes());
                assertThat(stored(world, said)).as(form.getKey() + " " + end).isEqualTo(kept);
            }
        }
    }

    private static byte[] chunked(String content, int end) {
        String stream = RCPT + "BDAT " + end + "\r\n" + content.substring(0, end) + "BDAT " + (content.length() - end)
                + " LAST\r\n" + content.substring(end) + "QUIT\r\n";
        return stream.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void same(
            World world, Place place, String name, Recital.Said whole, Optional<String> kept, Recital.Said cut)
            throws IOException {
        assertThat(cut.withoutIds()).as(place + " " + name).isEqualTo(whole.withoutIds());
        assertThat(stored(world, cut)).as(place + " " + name).isEqualTo(kept);
    }

    private static Optional<String> check(World world, Place place, String name, String octets, Recital.Said said)
            throws IOException {
        Optional<String> stored = stored(world, said);
        Traces.assertNothingIsInjected(world);
        assertThat(world.spool.count()).as("messages").isEqualTo(stored.isPresent() ? 1 : 0);
        if (stored.isPresent()) {
            assertThat(place.isContent()).isTrue();
            assertThat(stored.get()).as(place + " " + name).isEqualTo(place.stored(octets));
        }
        return stored;
    }

    private static Optional<String> stored(World world, Recital.Said said) throws IOException {
        for (String reply : said.replies()) {
            int at = reply.indexOf("queued as ");
            if (at >= 0) {
                QueueId id = QueueId.parse(reply.substring(at + "queued as ".length()))
                        .orElseThrow();
                SpooledMessage message = world.spool.find(id).orElseThrow();
                assertThat(message.trace()).matches("(?:[!-9;-~]+: [ -~]*\r\n(?:[ \t][ -~\t]*\r\n)*)+");
                return Optional.of(world.content(id));
            }
        }
        return Optional.empty();
    }
}
