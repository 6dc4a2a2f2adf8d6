package dev.postern.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.postern.event.Event;
import dev.postern.route.Route;
import dev.postern.smtp.Mailbox;
import dev.postern.spool.Content;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MaildirTransportTest {
    private static final Instant NOW = Instant.parse("2029-01-01T00:00:00.123456Z");

    @TempDir
    Path disk;

    private final List<Event> events = new CopyOnWriteArrayList<>();

    private MaildirTransport transport() {
        return transport("/{domain}/{local}", Maildir::create);
    }

    private MaildirTransport transport(String template, Maildir.Opening opening) {
        MaildirSettings settings =
                new MaildirSettings(InboxPath.parse(disk.resolve("mail") + template), "mx.example.org");
        return new MaildirTransport(settings, () -> NOW, events::add, opening);
    }

    private static List<DeliveryOutcome> carry(Transport transport, Consignment consignment) {
        try (Transport.Carriage carriage = transport.open()) {
            return carriage.carry(consignment);
        }
    }

    private List<Path> filesIn(String directory) {
        Path path = disk.resolve("mail").resolve(directory);
        try (Stream<Path> files = Files.walk(path)) {
            return files.filter(Files::isRegularFile).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String deferral(DeliveryOutcome outcome) {
        assertThat(outcome).isInstanceOf(DeliveryOutcome.Deferred.class);
        return ((DeliveryOutcome.Deferred) outcome).status().toString();
    }

    @Test
    void aMessageLiesInNewWithItsEnvelopeOnTopAndUnixLineEnds() throws IOException {
        Consignment mail = Mail.saying("Subject: hi\r\n\r\n.dot\r\nlast\r\n")
                .toInbox("bob@example.org")
                .consignment();

        assertThat(carry(transport(), mail))
                .containsExactly(new DeliveryOutcome.Delivered("maildir", Optional.empty(), false, false));

        List<Path> arrived = filesIn("example.org/bob/new");
        assertThat(arrived).hasSize(1);
        assertThat(arrived.getFirst().getFileName().toString())
                .matches("1861920000\\.M123456P\\d+Q1\\.mx\\.example\\.org");
        assertThat(Files.readString(arrived.getFirst()))
                .isEqualTo("Return-Path: <alice@example.org>\nDelivered-To: bob@example.org\n"
                        + Mail.TRACE.replace("\r\n", "\n") + "Subject: hi\n\n.dot\nlast\n");
        assertThat(filesIn("example.org/bob/tmp")).isEmpty();
        assertThat(disk.resolve("mail/example.org/bob/cur")).isDirectory();
    }

    @Test
    void whatIsNoLinesLiesThereOctetForOctet() throws IOException {
        String content = "Content-Type: image/png\r\n\r\n\r\n\n\r\0\r\r\n";
        carry(
                transport(),
                Mail.saying(content).binary().toInbox("bob@example.org").consignment());
        assertThat(Files.readString(filesIn("example.org/bob/new").getFirst()))
                .isEqualTo(
                        "Return-Path: <alice@example.org>\r\nDelivered-To: bob@example.org\r\n" + Mail.TRACE + content);
    }

    @Test
    void directoriesAndFilesAreTheOwnersOnly() throws IOException {
        carry(
                transport(),
                Mail.saying("a: b\r\n\r\n").toInbox("bob@example.org").consignment());
        for (String made : List.of("mail", "mail/example.org", "mail/example.org/bob", "mail/example.org/bob/tmp")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(disk.resolve(made))))
                    .isEqualTo("rwx------");
        }
        Path file = filesIn("example.org/bob/new").getFirst();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void theNullPathIsWrittenAsItIs() throws IOException {
        carry(
                transport(),
                Mail.saying("a: b\r\n\r\n")
                        .fromNobody()
                        .toInbox("bob@example.org")
                        .consignment());
        assertThat(Files.readString(filesIn("example.org/bob/new").getFirst())).startsWith("Return-Path: <>\n");
    }

    @Test
    void everyOctetButLineEndsIsKept() throws IOException {
        byte[] odd = new byte[70_000];
        for (int i = 0; i < odd.length; i++) {
            odd[i] = (byte) (i * 31 + i / 256);
        }
        String text = new String(odd, StandardCharsets.ISO_8859_1);
        Content content = Content.of(odd);
        Consignment mail = Mail.saying("x").toInbox("bob@example.org").consignment(content);

        carry(transport(), mail);

        String stored = Files.readString(filesIn("example.org/bob/new").getFirst(), StandardCharsets.ISO_8859_1);
        assertThat(stored).endsWith(text.replace("\r\n", "\n"));
    }

    @Test
    void aLineEndCutBetweenTwoReadsIsStillOne() throws IOException {
        Content slow = new Content() {
            @Override
            public long size() {
                return 7;
            }

            @Override
            public InputStream open() {
                return new SequenceInputStream(
                        new ByteArrayInputStream("ab\r".getBytes(StandardCharsets.US_ASCII)),
                        new ByteArrayInputStream("\ncd\r".getBytes(StandardCharsets.US_ASCII)));
            }
        };
        carry(transport(), Mail.saying("x").toInbox("bob@example.org").consignment(slow));
        assertThat(Files.readString(filesIn("example.org/bob/new").getFirst())).endsWith("\nab\ncd\r");
    }

    @Test
    void hostileAddressesStayInTheirOwnPlace() {
        for (String local : InboxPathTest.HOSTILE) {
            Mailbox inbox = new Mailbox(
                    new dev.postern.smtp.LocalPart(local),
                    Mail.mailbox("x@example.org").host());
            List<DeliveryOutcome> outcomes = carry(
                    transport(),
                    Mail.saying("a: b\r\n\r\n").toInbox(inbox, Optional.empty()).consignment());
            assertThat(outcomes).as(local).singleElement().isInstanceOf(DeliveryOutcome.Delivered.class);
        }
        assertThat(filesIn("example.org")).hasSize(InboxPathTest.HOSTILE.size());
        assertThat(disk.toFile().list()).containsExactly("mail");
        assertThat(disk.resolve("mail").toFile().list()).containsExactly("example.org");
        assertThat(disk.resolve("mail/example.org").toFile().list()).hasSize(InboxPathTest.HOSTILE.size());
    }

    @Test
    void aLinkOutOfTheRootIsNotFollowed() throws IOException {
        Path outside = Files.createDirectory(disk.resolve("outside"));
        Files.createDirectories(disk.resolve("mail/example.org"));
        Files.createSymbolicLink(disk.resolve("mail/example.org/bob"), outside);
        Files.createSymbolicLink(disk.resolve("mail/example.com"), outside);

        List<DeliveryOutcome> outcomes = carry(
                transport(),
                Mail.saying("a: b\r\n\r\n")
                        .toInbox("bob@example.org")
                        .toInbox("eve@example.com")
                        .consignment());

        assertThat(outcomes).allSatisfy(o -> assertThat(deferral(o)).isEqualTo("4.3.0"));
        assertThat(outside).isEmptyDirectory();
        assertThat(events)
                .hasSize(2)
                .first()
                .asInstanceOf(type(TransportEvent.InboxTrouble.class))
                .extracting(TransportEvent.InboxTrouble::problem)
                .asString()
                .contains("a link leads out of the root");
    }

    @Test
    void aLinkInPlaceOfTmpIsNotFollowed() throws IOException {
        Path outside = Files.createDirectory(disk.resolve("outside"));
        Path inbox = Files.createDirectories(disk.resolve("mail/example.org/bob"));
        Files.createSymbolicLink(inbox.resolve("tmp"), outside);
        assertThat(deferral(carry(
                                transport(),
                                Mail.saying("a: b\r\n\r\n")
                                        .toInbox("bob@example.org")
                                        .consignment())
                        .getFirst()))
                .isEqualTo("4.3.0");
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void aLinkWithinTheRootIsTheAdministratorsChoice() throws IOException {
        Path elsewhere = Files.createDirectories(disk.resolve("mail/disk2/bob"));
        Files.createDirectories(disk.resolve("mail/example.org"));
        Files.createSymbolicLink(disk.resolve("mail/example.org/bob"), elsewhere);
        assertThat(carry(
                        transport(),
                        Mail.saying("a: b\r\n\r\n").toInbox("bob@example.org").consignment()))
                .singleElement()
                .isInstanceOf(DeliveryOutcome.Delivered.class);
        assertThat(filesIn("disk2/bob/new")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "No space left on device, 4.3.1",
        "Disk quota exceeded, 4.2.2",
        "Input/output error, 4.3.0",
        "Read-only file system, 4.3.0",
    })
    void aDiskThatRefusesDefersAndLeavesNothing(String problem, String status) {
        MaildirTransport transport = transport("/{domain}/{local}", file -> {
            FileChannel real = Maildir.create(file);
            return new TroubledChannel(real, 20_000, new FileSystemException(file.toString(), null, problem));
        });
        Consignment mail = Mail.saying("a: b\r\n\r\n" + "x\r\n".repeat(50_000))
                .toInbox("bob@example.org")
                .consignment();

        assertThat(carry(transport, mail)).singleElement().satisfies(o -> {
            assertThat(deferral(o)).isEqualTo(status);
            assertThat(((DeliveryOutcome.Deferred) o).why()).doesNotContain(disk.toString());
        });
        assertThat(filesIn("example.org/bob")).isEmpty();
        assertThat(events).singleElement().isInstanceOf(TransportEvent.InboxTrouble.class);
    }

    @Test
    void aFileInPlaceOfTheInboxDefers() throws IOException {
        Files.createDirectories(disk.resolve("mail/example.org"));
        Files.writeString(disk.resolve("mail/example.org/bob"), "not a directory");
        assertThat(deferral(carry(
                                transport(),
                                Mail.saying("a: b\r\n\r\n")
                                        .toInbox("bob@example.org")
                                        .consignment())
                        .getFirst()))
                .isEqualTo("4.3.0");
    }

    @Test
    void aContentThatCannotBeReadDefersEveryRecipient() {
        Content broken = new Content() {
            @Override
            public long size() {
                return 10;
            }

            @Override
            public InputStream open() throws IOException {
                throw new IOException("Input/output error");
            }
        };
        assertThat(carry(
                        transport(),
                        Mail.saying("x")
                                .toInbox("bob@example.org")
                                .toInbox("eve@example.org")
                                .consignment(broken)))
                .hasSize(2)
                .allSatisfy(o -> assertThat(deferral(o)).isEqualTo("4.3.0"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Delivered-To: bob@example.org\\r\\n\\r\\n | true",
                "Subject: x\\r\\nDELIVERED-TO: Bob@Example.ORG \\r\\n\\r\\n | true",
                "Delivered-To:\\r\\n bob@example.org\\r\\n\\r\\n | true",
                "Delivered-To: bob@example.org | true",
                "Delivered-To: bob@example.org.evil\\r\\n\\r\\n | false",
                "X-Delivered-To: bob@example.org\\r\\n\\r\\n | false",
                "Delivered-To: alice@example.org\\r\\n\\r\\n | false",
                "Subject: x\\r\\n\\r\\nDelivered-To: bob@example.org\\r\\n | false",
                "Subject: x\\r\\n Delivered-To: bob@example.org\\r\\n\\r\\n | false",
                "\\r\\nDelivered-To: bob@example.org\\r\\n\\r\\n | false",
            })
    void whatWasInTheInboxBeforeIsALoop(String content, boolean loop) {
        DeliveryOutcome outcome = carry(
                        transport(),
                        Mail.saying(content.replace("\\r", "\r").replace("\\n", "\n"))
                                .toInbox("bob@example.org")
                                .consignment())
                .getFirst();
        if (loop) {
            assertThat(outcome)
                    .asInstanceOf(type(DeliveryOutcome.Failed.class))
                    .extracting(f -> f.status().toString())
                    .isEqualTo("5.4.6");
        } else {
            assertThat(outcome).isInstanceOf(DeliveryOutcome.Delivered.class);
        }
    }

    @Test
    void theFolderOfASubaddressIsUsedOnlyWhereItExists() throws IOException {
        MaildirTransport transport = transport("/{local}/.{detail}", Maildir::create);
        Files.createDirectories(disk.resolve("mail/bob/.lists"));
        Mailbox bob = Mail.mailbox("bob@example.org");
        carry(
                transport,
                Mail.saying("a: b\r\n\r\n").toInbox(bob, Optional.of("lists")).consignment());
        carry(
                transport,
                Mail.saying("a: b\r\n\r\n").toInbox(bob, Optional.of("spam")).consignment());
        assertThat(filesIn("bob/.lists/new")).hasSize(1);
        assertThat(filesIn("bob/new")).hasSize(1);
        assertThat(disk.resolve("mail/bob/.spam")).doesNotExist();
    }

    @Test
    void aNameThatIsTakenIsNotOverwritten() throws IOException {
        MaildirTransport first = transport();
        MaildirTransport second = transport();
        Consignment mail =
                Mail.saying("a: b\r\n\r\n").toInbox("bob@example.org").consignment();
        Path tmp = Files.createDirectories(disk.resolve("mail/example.org/bob/tmp"));
        carry(first, mail);
        Path taken = tmp.resolve(filesIn("example.org/bob/new").getFirst().getFileName());
        Files.writeString(taken, "another delivery under way");

        assertThat(carry(second, mail)).singleElement().isInstanceOf(DeliveryOutcome.Delivered.class);

        assertThat(Files.readString(taken)).isEqualTo("another delivery under way");
        assertThat(filesIn("example.org/bob/new")).hasSize(2);
    }

    @Test
    void deliveriesAtTheSameMomentDoNotMeet() throws InterruptedException {
        MaildirTransport transport = transport();
        Consignment mail =
                Mail.saying("a: b\r\n\r\n").toInbox("bob@example.org").consignment();
        CountDownLatch start = new CountDownLatch(1);
        List<DeliveryOutcome> outcomes = new CopyOnWriteArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    start.await();
                    outcomes.addAll(carry(transport, mail));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        start.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(outcomes).hasSize(20).allMatch(DeliveryOutcome.Delivered.class::isInstance);
        assertThat(filesIn("example.org/bob/new")).hasSize(20);
    }

    @Test
    void aRouteThatLeadsElsewhereIsAFaultOfTheWiring() {
        Consignment wrong = Mail.saying("x")
                .to(
                        dev.postern.smtp.Recipient.of(Mail.mailbox("a@b.example")),
                        new Route.Mx(Mail.mailbox("a@b.example").host(), 25, false, Optional.empty()))
                .consignment();
        org.assertj.core.api.Assertions.assertThatIllegalArgumentException()
                .isThrownBy(() -> carry(transport(), wrong));
    }
}
