package dev.postern.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.crypto.Identity;
import dev.postern.crypto.SelfSigned;
import dev.postern.delivery.RecordedEvents;
import dev.postern.dns.DomainName;
import dev.postern.queue.BackOff;
import dev.postern.spool.ManualClock;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AcmeKeeperTest {
    private static final URI DIRECTORY = URI.create("https://authority.example/directory");
    private static final Duration LIFE = Duration.ofDays(90);

    @TempDir
    private Path path;

    private final ManualClock clock = ManualClock.atNoon();
    private final RecordedEvents events = new RecordedEvents();
    private final AtomicInteger arrivals = new AtomicInteger();
    private final FakeAuthority authority = new FakeAuthority();
    private AcmeFolder folder;
    private AcmeKeeper keeper;

    /// Issues what is ordered with the key of the order, which signs for itself; or fails as it is told to.
    private final class FakeAuthority implements CertificateAuthority {
        private final List<Order> orders = new ArrayList<>();
        private Optional<Issuance.Failed> failure = Optional.empty();
        private Optional<RenewalWindow> window = Optional.empty();
        private int windowsAsked;

        @Override
        public Issuance issue(Order order) {
            orders.add(order);
            if (failure.isPresent()) {
                return failure.get();
            }
            try {
                return new Issuance.Issued(SelfSigned.certify(
                        order.key(),
                        order.names().stream().map(DomainName::text).toList(),
                        clock.instant(),
                        LIFE));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public Optional<RenewalWindow> window(X509Certificate certificate) {
            windowsAsked++;
            return orders.size() == 1 ? window : Optional.empty();
        }
    }

    @BeforeEach
    void prepare() {
        folder = new AcmeFolder(path.resolve("acme"));
        keeper = keeper();
    }

    private AcmeKeeper keeper() {
        return keeper(KeyChoice.alwaysNew());
    }

    private AcmeKeeper keeper(KeyChoice keys) {
        return new AcmeKeeper(
                Optional.empty(),
                new AcmeKeeper.Ground(
                        folder, new ChallengeBoard(TextRecords.none()), keys, clock, new Random(1), events),
                arrivals::incrementAndGet);
    }

    private static AcmeSettings settings(URI directory, List<String> names, List<SelfSigned.Kind> keys, int orders) {
        return new AcmeSettings(
                new AcmeSettings.Authority(directory, List.of(), Optional.empty(), List.of()),
                names.stream().map(DomainName::of).toList(),
                keys,
                ChallengeKind.HTTP_01,
                new AcmeSettings.Pace(orders, new BackOff(Duration.ofMinutes(15), 3, Duration.ofHours(12), 0.2)));
    }

    private static AcmeSettings usual() {
        return settings(DIRECTORY, List.of("mail.example.org"), List.of(SelfSigned.Kind.ECDSA), 10);
    }

    private Instant round(AcmeSettings wish) throws Exception {
        return keeper.round(wish, authority, false);
    }

    /// Rounds as often as the keeper wants them within a time.
    private void live(AcmeSettings wish, Duration time) throws Exception {
        Instant end = clock.instant().plus(time);
        while (clock.instant().isBefore(end)) {
            Instant next = round(wish);
            Duration left = Duration.between(clock.instant(), next);
            clock.advance(left.isPositive() ? left : Duration.ofSeconds(1));
        }
    }

    @Test
    void whereThereIsNoneOneOfEachKindIsOrdered() throws Exception {
        AcmeSettings both = settings(
                DIRECTORY,
                List.of("mail.example.org", "mx.example.org"),
                List.of(SelfSigned.Kind.ECDSA, SelfSigned.Kind.RSA),
                10);
        round(both);

        assertThat(authority.orders).hasSize(2);
        assertThat(authority.orders.getFirst().key().getPublic().getAlgorithm()).isEqualTo("EC");
        assertThat(authority.orders.getLast().key().getPublic().getAlgorithm()).isEqualTo("RSA");
        assertThat(arrivals).hasValue(2);
        for (var files : folder.certificates(both)) {
            Identity identity = files.read(Optional.empty());
            assertThat(identity.chain().getFirst().getNotAfter()).isAfter(java.util.Date.from(clock.instant()));
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(files.key())))
                    .isEqualTo("rw-------");
        }
        assertThat(events.of(AcmeEvent.CertificateIssued.class)).hasSize(2);
    }

    @Test
    void renewalComesWhenAThirdOfTheLifeIsLeft() throws Exception {
        round(usual());
        Instant issued = clock.instant();
        live(usual(), Duration.ofDays(59));
        assertThat(authority.orders).hasSize(1);

        live(usual(), Duration.ofDays(2));
        assertThat(authority.orders).hasSize(2);
        assertThat(authority.orders.getLast().replaces()).isPresent();
        assertThat(Duration.between(issued, clock.instant())).isLessThan(Duration.ofDays(62));
    }

    /// Where a TLSA record stands for a key, it stays (RFC 7671 §5.1).
    @Test
    void keyStaysAtARenewalWhereItIsToStay() throws Exception {
        round(usual());
        keeper = keeper(current -> true);
        live(usual(), Duration.ofDays(61));
        assertThat(authority.orders).hasSize(2);
        assertThat(authority.orders.getLast().key().getPublic())
                .isEqualTo(authority.orders.getFirst().key().getPublic());
        keeper = keeper(KeyChoice.alwaysNew());
        live(usual(), Duration.ofDays(61));
        assertThat(authority.orders).hasSize(3);
        assertThat(authority.orders.getLast().key().getPublic())
                .isNotEqualTo(authority.orders.getFirst().key().getPublic());
    }

    @Test
    void whatTheAuthorityWantsComesFirst() throws Exception {
        round(usual());
        Instant start = clock.instant().plus(Duration.ofDays(10));
        authority.window = Optional.of(new RenewalWindow(
                start,
                start.plus(Duration.ofDays(2)),
                Optional.of("https://authority.example/why"),
                clock.instant().plus(Duration.ofDays(300))));

        live(usual(), Duration.ofDays(10));
        assertThat(authority.orders).hasSize(1);
        live(usual(), Duration.ofDays(2));
        assertThat(authority.orders).hasSize(2);
        assertThat(events.of(AcmeEvent.RenewalPlanned.class).getFirst().explanation())
                .contains("https://authority.example/why");
    }

    @Test
    void whatHasJustComeIsNotReplacedAtOnce() throws Exception {
        Instant past = clock.instant().minus(Duration.ofDays(3));
        authority.window =
                Optional.of(new RenewalWindow(past, past.plus(Duration.ofDays(1)), Optional.empty(), clock.instant()));
        round(usual());

        live(usual(), Duration.ofHours(20));
        assertThat(authority.orders).hasSize(1);
        live(usual(), Duration.ofDays(1));
        assertThat(authority.orders).hasSize(2);
    }

    @Test
    void authorityIsAskedAgainWhenItSays() throws Exception {
        round(usual());
        Instant far = clock.instant().plus(Duration.ofDays(50));
        authority.window = Optional.of(new RenewalWindow(
                far,
                far.plus(Duration.ofDays(1)),
                Optional.empty(),
                clock.instant().plus(Duration.ofHours(6))));
        round(usual());
        round(usual());
        assertThat(authority.windowsAsked).isEqualTo(1);

        clock.advance(Duration.ofDays(3));
        authority.window = Optional.of(new RenewalWindow(
                clock.instant().minus(Duration.ofDays(2)),
                clock.instant().minus(Duration.ofDays(1)),
                Optional.empty(),
                clock.instant().plus(Duration.ofHours(6))));
        round(usual());
        assertThat(authority.orders).as("revoked soon: renewed at once").hasSize(2);
    }

    @Test
    void failuresAreFarBetweenAndTheOldOneStays() throws Exception {
        round(usual());
        Identity before = folder.current(usual(), SelfSigned.Kind.ECDSA).orElseThrow();
        authority.failure = Optional.of(new Issuance.Failed("the authority is on holiday", Optional.empty()));
        clock.advance(Duration.ofDays(61));

        live(usual(), Duration.ofDays(2));

        assertThat(authority.orders.size() - 1).isBetween(6, 9);
        assertThat(folder.current(usual(), SelfSigned.Kind.ECDSA).orElseThrow().chain())
                .isEqualTo(before.chain());
        AcmeEvent.OrderFailed told = events.of(AcmeEvent.OrderFailed.class).getFirst();
        assertThat(told.why()).isEqualTo("the authority is on holiday");
        assertThat(told.until())
                .contains(before.chain().getFirst().getNotAfter().toInstant());

        authority.failure = Optional.empty();
        live(usual(), Duration.ofDays(1));
        assertThat(folder.current(usual(), SelfSigned.Kind.ECDSA).orElseThrow().chain())
                .isNotEqualTo(before.chain());
    }

    @Test
    void timeThatTheAuthorityNamesIsKeptAlsoAcrossARestart() throws Exception {
        Instant named = clock.instant().plus(Duration.ofDays(3));
        authority.failure = Optional.of(new Issuance.Failed("too many", Optional.of(named)));
        live(usual(), Duration.ofDays(1));
        keeper = keeper();
        live(usual(), Duration.ofDays(1));
        assertThat(authority.orders).hasSize(1);

        authority.failure = Optional.empty();
        live(usual(), Duration.ofDays(2));
        assertThat(authority.orders).hasSize(2);
    }

    @Test
    void authorityThatNamesAFarAwayTimeIsAskedAgainAfterAWeek() throws Exception {
        authority.failure =
                Optional.of(new Issuance.Failed("never again", Optional.of(Instant.parse("9999-01-01T00:00:00Z"))));
        live(usual(), Duration.ofDays(1));
        live(usual(), Duration.ofDays(5));
        assertThat(authority.orders).hasSize(1);
        live(usual(), Duration.ofDays(2));
        assertThat(authority.orders).hasSize(2);
    }

    @Test
    void thereAreNotMoreOrdersADayThanAllowedHoweverOftenTheServerStarts() throws Exception {
        AcmeSettings three = settings(DIRECTORY, List.of("mail.example.org"), List.of(SelfSigned.Kind.ECDSA), 3);
        authority.failure = Optional.of(new Issuance.Failed("no", Optional.empty()));
        for (int i = 0; i < 20; i++) {
            keeper = keeper();
            keeper.round(three, authority, true);
            clock.advance(Duration.ofMinutes(1));
        }

        assertThat(authority.orders).hasSize(3);
        assertThat(events.of(AcmeEvent.OrdersExhausted.class)).isNotEmpty();
        clock.advance(Duration.ofDays(1));
        keeper.round(three, authority, true);
        assertThat(authority.orders).hasSize(4);
    }

    @Test
    void otherNamesAndAnotherAuthorityAreReasonsToOrder() throws Exception {
        round(usual());
        round(settings(DIRECTORY, List.of("mail.example.org", "new.example.org"), List.of(SelfSigned.Kind.ECDSA), 10));
        assertThat(authority.orders).hasSize(2);
        round(settings(
                URI.create("https://other.example/"),
                List.of("mail.example.org", "new.example.org"),
                List.of(SelfSigned.Kind.ECDSA),
                10));
        assertThat(authority.orders).hasSize(3);
    }

    @Test
    void nothingIsOrderedWhileTheJournalCannotBeRead() throws Exception {
        Files.createDirectories(folder.path());
        Files.writeString(folder.path().resolve("journal"), "rubbish\n");

        assertThatThrownBy(() -> round(usual())).isInstanceOf(IOException.class).hasMessageContaining("journal");
        assertThat(authority.orders).isEmpty();
    }

    @Test
    void fileThatIsTornIsReplaced() throws Exception {
        round(usual());
        Files.writeString(folder.certificate(usual(), SelfSigned.Kind.ECDSA).certificate(), "-----BEGIN");

        round(usual());
        assertThat(authority.orders).hasSize(2);
        assertThat(folder.current(usual(), SelfSigned.Kind.ECDSA)).isPresent();
    }

    @Test
    void accountKeyIsMadeOnceForEachAuthority() throws Exception {
        var first = folder.account(DIRECTORY);
        assertThat(folder.account(DIRECTORY).getPublic()).isEqualTo(first.getPublic());
        assertThat(folder.account(URI.create("https://other.example/")).getPublic())
                .isNotEqualTo(first.getPublic());
        try (var files = Files.list(folder.path())) {
            assertThat(files.map(this::mode)).containsOnly("rw-------");
        }
    }

    private String mode(Path file) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
