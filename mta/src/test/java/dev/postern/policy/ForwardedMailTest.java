package dev.postern.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.forward.OnwardCopies;
import dev.postern.intake.Arrival;
import dev.postern.intake.Incoming;
import dev.postern.intake.Intake;
import dev.postern.intake.IntakeSettings;
import dev.postern.mailauth.arc.ArcStatus;
import dev.postern.mailauth.dkim.DkimResult;
import dev.postern.mailauth.dmarc.DmarcOutcome;
import dev.postern.message.AddressList;
import dev.postern.message.Author;
import dev.postern.message.AuthorMailbox;
import dev.postern.message.HeaderField;
import dev.postern.message.MessageHeader;
import dev.postern.message.MessageReader;
import dev.postern.smtp.Envelope;
import dev.postern.smtp.MailParameters;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.Recipient;
import dev.postern.spool.MemorySpool;
import dev.postern.spool.Origin;
import dev.postern.spool.SpooledMessage;
import dev.postern.wire.Endpoint;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Messages of `reject.example` that nothing but SPF vouches for come in, and go on: each file in `original` becomes
/// that in `rewritten` or `wrapped`, octet for octet, and is believed at the next hop.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForwardedMailTest {
    private static final AuthenticationSettings OBEYING = new AuthenticationSettings(
            ForwardingWorld.RECEIVER,
            true,
            AuthenticationSettings.Quarantine.MARK,
            false,
            new NetworkSet(List.of()),
            Set.of());
    private static final Mailbox ANN = ForwardingWorld.mailbox("ann@reject.example");

    private MemorySpool spool = new MemorySpool(InstantSource.fixed(ForwardingWorld.NOW));
    private final List<SpooledMessage> stored = new ArrayList<>();
    private ForwardingWorld world;

    @BeforeAll
    void publish() throws IOException {
        world = ForwardingWorld.create();
    }

    static Stream<Path> originals() throws IOException, URISyntaxException {
        URL folder = Objects.requireNonNull(ForwardedMailTest.class.getResource("/dev/postern/forward/original"));
        try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
            return files.sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("originals")
    void rewrittenMailIsBelievedAtTheNextHopAndAnswersReachItsAuthor(Path file) throws IOException {
        byte[] original = Files.readAllBytes(file);

        SpooledMessage copy = forwarded(original, new Unprovable.Rewrite(world.ourName()));

        byte[] content = contentOf(copy);
        assertThatItIs(content, file, "rewritten");
        AuthenticationReport there = atTheNextHop(copy, content);
        assertThat(there.arc().status()).isEqualTo(ArcStatus.PASS);
        assertThat(there.arc().hops()).hasSize(1);
        assertThat(copy.trace())
                .containsSubsequence(
                        "Received:",
                        "ARC-Seal: i=1;",
                        "DKIM-Signature: v=1;",
                        "Authentication-Results: mx.ours.example");
        assertThatAnswersReachItsAuthor(original, content);
        assertThat(withoutAuthors(content)).isEqualTo(withoutAuthors(original));
    }

    @ParameterizedTest
    @MethodSource("originals")
    void wrappedMailIsBelievedAtTheNextHopAndHoldsTheOriginal(Path file) throws IOException {
        byte[] original = Files.readAllBytes(file);

        SpooledMessage copy = forwarded(original, new Unprovable.Wrap(world.ourName()));

        byte[] content = contentOf(copy);
        assertThatItIs(content, file, "wrapped");
        atTheNextHop(copy, content);
        assertThat(MessageReader.read(new ByteArrayInputStream(content), 1 << 20)
                        .body()
                        .readAllBytes())
                .isEqualTo(original);
        assertThatAnswersReachItsAuthor(new byte[0], content);
    }

    /// The copy for `away` of a message that was for `boss` too, who gets every octet as it was.
    private SpooledMessage forwarded(byte[] original, Unprovable unprovable) throws IOException {
        stored.clear();
        spool = new MemorySpool(InstantSource.fixed(ForwardingWorld.NOW));
        Intake intake = new Intake(
                        IntakeSettings.of(ForwardingWorld.RECEIVER),
                        spool,
                        ForwardingWorld.DIRECTORY,
                        InstantSource.fixed(ForwardingWorld.NOW),
                        (message, content) -> stored.add(message))
                .rewriting(() -> Optional.of(ForwardingWorld.rewriting()));
        Envelope envelope = new Envelope(
                ANN,
                MailParameters.none(),
                Stream.of("away", "boss")
                        .map(one -> Recipient.of(ForwardingWorld.mailbox(one + "@ours.example")))
                        .toList());
        SessionFacts session = SessionFacts.of(
                        intake.nextId(),
                        ListenerRole.MX,
                        new Endpoint.Memory("server"),
                        new Endpoint.Inet(ForwardingWorld.GOOD, 25))
                .withGreeting(new SessionFacts.Greeting("client.example", true));
        Origin origin = new Origin(
                "mx",
                Optional.of("192.0.2.1"),
                Optional.of("client.example"),
                Optional.empty(),
                "ESMTP",
                Optional.empty());
        Arrival arrival = new Arrival(intake.nextId(), origin, envelope, Arrival.Treatment.none());
        try (Incoming incoming = intake.open(arrival)) {
            incoming.write(original, 0, original.length);
            assertThat(incoming.end()).isEmpty();
            OnwardCopies onward = incoming.onward();
            ContentFacts facts = new ContentFacts(
                    arrival.id(), envelope, incoming.content(), incoming.stamps(), onward, new Findings());
            assertThat(new AuthenticationPolicy(ours -> false, OBEYING, world.authentication())
                            .content(session, facts)
                            .word())
                    .isEqualTo("accept");
            Verdict verdict = new ForwardPolicy(
                            ForwardingWorld.DIRECTORY,
                            new ForwardSettings(OBEYING, Optional.of(ForwardingWorld.rewriting()), unprovable),
                            world.seal(),
                            InstantSource.fixed(ForwardingWorld.NOW))
                    .content(session, facts);
            assertThat(verdict.why()).contains("goes on from <");
            incoming.complete(List.of());
        }
        assertThat(stored).hasSize(2);
        SpooledMessage home = stored.get(1);
        assertThat(home.recipients().getFirst().recipient().path()).hasToString("boss@ours.example");
        assertThat(home.id()).isEqualTo(arrival.id());
        assertThat(contentOf(home)).isEqualTo(original);
        return stored.getFirst();
    }

    private byte[] contentOf(SpooledMessage message) throws IOException {
        try (InputStream in = spool.content(message.id()).open()) {
            byte[] octets = in.readAllBytes();
            assertThat(message.traits().octets()).isEqualTo(octets.length);
            return octets;
        }
    }

    private static void assertThatItIs(byte[] content, Path original, String form) throws IOException {
        Path golden = original.getParent().resolveSibling(form).resolve(original.getFileName());
        assertThat(new String(content, StandardCharsets.ISO_8859_1))
                .isEqualTo(Files.readString(golden, StandardCharsets.ISO_8859_1));
    }

    /// What the next hop finds, where DMARC passes for us by our signature and by SPF.
    private AuthenticationReport atTheNextHop(SpooledMessage copy, byte[] content) throws IOException {
        assertThat(copy.reversePath().toString()).startsWith("SRS0=").endsWith("=reject.example=ann@ours.example");
        String message = new String(copy.traceOctets(), StandardCharsets.ISO_8859_1)
                + new String(content, StandardCharsets.ISO_8859_1);
        AuthenticationReport there = world.report(ForwardingWorld.US, copy.reversePath(), message);
        assertThat(there.dmarc().outcome()).as(there.inputs().toString()).isEqualTo(DmarcOutcome.PASS);
        assertThat(there.dkim().each())
                .filteredOn(DkimResult::vouches)
                .singleElement()
                .satisfies(one -> assertThat(one.claim().domain()).contains(ForwardingWorld.OURS));
        assertThat(there.author()).isInstanceOfSatisfying(Author.Named.class, named -> {
            assertThat(named.mailboxes()).extracting(AuthorMailbox::domain).containsExactly(ForwardingWorld.OURS);
            assertThat(named.mailboxes().getFirst().localPart()).contains("SRS0=");
        });
        return there;
    }

    /// Reply-To is the author, or what the author wrote there.
    private static void assertThatAnswersReachItsAuthor(byte[] original, byte[] content) throws IOException {
        MessageHeader before = header(original);
        MessageHeader after = header(content);
        assertThat(after.named("Reply-To")).hasSize(1);
        HeaderField replies = after.first("Reply-To").orElseThrow();
        if (before.first("Reply-To").isPresent()) {
            assertThat(replies).isEqualTo(before.first("Reply-To").get());
        } else {
            assertThat(AddressList.parse(replies.unfolded()))
                    .isNotEmpty()
                    .allSatisfy(address -> assertThat(address).endsWith("@reject.example"));
        }
        assertThat(after.named("From")).hasSize(1);
        assertThat(after.named("Bcc")).isEmpty();
        for (String line : new String(content, StandardCharsets.ISO_8859_1).split("\r\n", -1)) {
            assertThat(line.length()).isLessThanOrEqualTo(998);
        }
    }

    private static MessageHeader header(byte[] message) throws IOException {
        return MessageReader.read(new ByteArrayInputStream(message), 1 << 20).header();
    }

    /// The octets of a message without the fields by which it is said who wrote it.
    private static String withoutAuthors(byte[] message) throws IOException {
        MessageReader reader = MessageReader.read(new ByteArrayInputStream(message), 1 << 20);
        StringBuilder rest = new StringBuilder();
        List<HeaderField> fields = reader.header().fields();
        for (int i = 0; i < fields.size(); i++) {
            boolean kept = fields.get(i).is("X-Original-From")
                    && i > 0
                    && !fields.get(i - 1).is("DKIM-Signature");
            if (!fields.get(i).is("From") && !fields.get(i).is("Reply-To") && !kept) {
                rest.append(fields.get(i)).append("\r\n");
            }
        }
        return rest.append(reader.header().ending())
                .append(new String(reader.body().readAllBytes(), StandardCharsets.ISO_8859_1))
                .toString();
    }
}
