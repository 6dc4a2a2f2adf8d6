package dev.postern.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.crypto.Identity;
import dev.postern.crypto.Pem;
import dev.postern.crypto.PrivateFile;
import dev.postern.crypto.SelfSigned;
import dev.postern.delivery.RecordedEvents;
import dev.postern.dns.DomainName;
import dev.postern.event.Event;
import dev.postern.spool.ManualClock;
import dev.postern.tls.TlsProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificatesTest {
    private static final DomainName HOST = DomainName.of("mail.example.org");

    @TempDir
    private Path folder;

    private final ManualClock clock = ManualClock.atNoon();
    private final RecordedEvents events = new RecordedEvents();
    private final List<List<X509Certificate>> asked = new ArrayList<>();
    private ActivationGuard.Ruling ruling = new ActivationGuard.Ruling.Allowed();
    private Identity own;
    private KeyFiles files;

    @BeforeEach
    void prepare() throws IOException {
        own = made(Duration.ofDays(3650));
        files = new KeyFiles(folder.resolve("crt.pem"), folder.resolve("key.pem"));
    }

    private Identity made(Duration validity) throws IOException {
        return SelfSigned.make(List.of("mail.example.org"), clock.instant(), validity, Optional.empty())
                .identity();
    }

    private static void write(KeyFiles files, Identity identity) throws IOException {
        PrivateFile.write(files.key(), Pem.write(identity));
        PrivateFile.write(files.certificate(), Pem.write(identity.chain()));
    }

    private Certificates.Ground ground() {
        ActivationGuard guard = (shown, fresh) -> {
            asked.add(shown);
            return ruling;
        };
        return new Certificates.Ground(TlsProvider.jsse(), folder.resolve("shown"), guard, clock, events);
    }

    private CertificateSources written() throws IOException {
        return new CertificateSources(
                List.of(new CertificateSources.Read(files, files.read(Optional.empty()))), List.of(), own, HOST);
    }

    /// What shows this one, out of files.
    private Certificates showing(Identity identity) throws IOException {
        write(files, identity);
        return new Certificates(written(), ground());
    }

    private CertificateSources awaited() {
        return new CertificateSources(List.of(), List.of(files), own, HOST);
    }

    private static List<List<X509Certificate>> shown(Certificates certificates) {
        return certificates.tls().shown().all().stream().map(Identity::chain).toList();
    }

    private List<Event> told() {
        return events.of(Event.class);
    }

    @Test
    void ownOneIsShownUntilThereIsAnother() throws Exception {
        Certificates certificates = new Certificates(awaited(), ground());
        assertThat(shown(certificates)).containsExactly(own.chain());
        certificates.look();
        assertThat(shown(certificates)).containsExactly(own.chain());

        Identity arrived = made(Duration.ofDays(90));
        write(files, arrived);
        certificates.look();

        assertThat(shown(certificates)).containsExactly(arrived.chain());
        assertThat(asked).containsExactly(own.chain());
        assertThat(told()).hasExactlyElementsOfTypes(CertificateEvent.CertificateShown.class);
    }

    @Test
    void replacedFilesAreShown() throws Exception {
        Identity before = made(Duration.ofDays(90));
        Certificates certificates = showing(before);
        certificates.look();
        assertThat(told()).isEmpty();

        Identity after = made(Duration.ofDays(90));
        write(files, after);
        certificates.look();

        assertThat(shown(certificates)).containsExactly(after.chain());
        assertThat(asked).containsExactly(before.chain());
    }

    @Test
    void fileThatIsGoneIsToldOnceAndTheOldOneStays() throws Exception {
        Identity before = made(Duration.ofDays(90));
        Certificates certificates = showing(before);

        Files.delete(files.key());
        certificates.look();
        certificates.look();

        assertThat(told()).hasExactlyElementsOfTypes(CertificateEvent.CertificateRefused.class);
        assertThat(shown(certificates)).containsExactly(before.chain());
    }

    @Test
    void whatIsBrokenIsToldOnceAndTheOldOneStays() throws Exception {
        Identity before = made(Duration.ofDays(90));
        Certificates certificates = showing(before);

        Files.writeString(files.certificate(), "-----BEGIN CERTIFICATE-----\nrubbish\n-----END CERTIFICATE-----\n");
        certificates.look();
        certificates.look();
        assertThat(told()).hasExactlyElementsOfTypes(CertificateEvent.CertificateRefused.class);

        PrivateFile.write(
                files.certificate(), Pem.write(made(Duration.ofDays(90)).chain()));
        certificates.look();
        assertThat(told().getLast().toString()).contains("is not the key of the first certificate");

        Files.delete(files.certificate());
        certificates.look();
        assertThat(shown(certificates)).containsExactly(before.chain());
    }

    @Test
    void keyThatEverybodyMayReadIsRefused() throws Exception {
        Identity before = made(Duration.ofDays(90));
        Certificates certificates = showing(before);

        write(files, made(Duration.ofDays(90)));
        Files.setPosixFilePermissions(files.key(), PosixFilePermissions.fromString("rw-r--r--"));
        certificates.look();

        assertThat(shown(certificates)).containsExactly(before.chain());
        assertThat(told().getLast().toString()).contains("open to everybody");
        assertThatThrownBy(() -> files.read(Optional.empty())).hasMessageContaining("chmod 600");
    }

    @Test
    void whatHasEndedTakesThePlaceOfNothingThatLasts() throws Exception {
        Identity before = made(Duration.ofDays(90));
        Certificates certificates = showing(before);
        Identity ended = made(Duration.ofDays(1));
        clock.advance(Duration.ofDays(2));

        write(files, ended);
        certificates.look();

        assertThat(shown(certificates)).containsExactly(before.chain());
        assertThat(told().getLast().toString()).contains("it has ended");
    }

    @Test
    void whatHasToWaitIsToldOnceAndAskedAgain() throws Exception {
        Identity before = made(Duration.ofDays(90));
        Certificates certificates = showing(before);
        Identity after = made(Duration.ofDays(90));
        write(files, after);
        ruling = new ActivationGuard.Ruling.NotYet("publish it first");

        certificates.look();
        certificates.look();
        assertThat(shown(certificates)).containsExactly(before.chain());
        assertThat(told())
                .containsExactly(new CertificateEvent.CertificateWaits(files.certificate(), "publish it first"));

        ruling = new ActivationGuard.Ruling.Allowed();
        certificates.look();
        assertThat(shown(certificates)).containsExactly(after.chain());
        assertThat(asked).hasSize(3);
    }

    @Test
    void startShowsWhatWasShownBeforeWhileTheNewOneWaits() throws Exception {
        Identity before = made(Duration.ofDays(90));
        Certificates first = showing(before);
        assertThat(shown(first)).containsExactly(before.chain());
        Identity after = made(Duration.ofDays(90));
        write(files, after);
        ruling = new ActivationGuard.Ruling.NotYet("publish it first");

        Certificates second = new Certificates(written(), ground());
        second.look();
        assertThat(shown(second)).containsExactly(before.chain());

        ruling = new ActivationGuard.Ruling.Allowed();
        second.look();
        assertThat(shown(second)).containsExactly(after.chain());
        assertThat(shown(new Certificates(written(), ground()))).containsExactly(after.chain());
    }

    @Test
    void whatWasShownBeforeAndHasEndedIsNotShownAgain() throws Exception {
        assertThat(shown(showing(made(Duration.ofDays(2))))).hasSize(1);
        clock.advance(Duration.ofDays(3));
        Identity after = made(Duration.ofDays(90));

        assertThat(shown(showing(after))).containsExactly(after.chain());
    }

    @Test
    void otherSourcesOfAReloadAreShownAndTheCopiesOfTheOldOnesGo() throws Exception {
        Certificates certificates = showing(made(Duration.ofDays(90)));
        assertThat(folder.resolve("shown")).isDirectoryContaining("glob:**.pem");

        certificates.use(new CertificateSources(List.of(), List.of(), own, HOST));

        assertThat(shown(certificates)).containsExactly(own.chain());
        assertThat(folder.resolve("shown")).isEmptyDirectory();
    }

    @Test
    void copiesAreForTheOwnersEyesOnly() throws Exception {
        assertThat(shown(showing(made(Duration.ofDays(90))))).hasSize(1);

        try (var copies = Files.list(folder.resolve("shown"))) {
            assertThat(copies.toList())
                    .singleElement()
                    .satisfies(copy -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)))
                            .isEqualTo("rw-------"));
        }
    }

    @Test
    void endIsToldMoreOftenTheNearerItComes() throws Exception {
        Certificates certificates = showing(made(Duration.ofDays(90)));
        List<Long> days = new ArrayList<>();
        for (int hour = 0; hour < 92 * 24; hour++) {
            int before = told().size();
            certificates.look();
            if (told().size() > before) {
                days.add(((CertificateEvent.CertificateExpires) told().getLast())
                        .left()
                        .toHours());
            }
            clock.advance(Duration.ofHours(1));
        }

        assertThat(days.getFirst()).isBetween(21L * 24, 23L * 24);
        assertThat(days).contains(0L).isSortedAccordingTo((a, b) -> Long.compare(b, a));
        assertThat(days).hasSizeBetween(25, 50);
    }
}
