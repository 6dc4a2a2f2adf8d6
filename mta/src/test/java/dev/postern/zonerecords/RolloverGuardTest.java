package dev.postern.zonerecords;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.certificates.ActivationGuard;
import dev.postern.crypto.TestCertificate;
import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.dns.UpdateAnswer;
import dev.postern.dns.ZoneResolver;
import dev.postern.dns.ZoneUpdate;
import dev.postern.dns.ZoneUpdater;
import dev.postern.event.Event;
import dev.postern.tlspolicy.dane.CertificateAssociation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RolloverGuardTest {
    private static final String WORLD = """
            example.org.      NS ns1.example.org.
            example.org.      NS ns2.example.org.
            ns1.example.org.  A 192.0.2.1
            ns2.example.org.  A 192.0.2.2
            example.org.      MX 10 mail.example.org.
            example.net.      MX 10 mail.example.org.
            example.net.      MX 20 mx2.example.org.
            """;
    private static final TestCertificate OLD = certificate("mail.example.org");
    private static final TestCertificate NEW = certificate("mail.example.org");
    private static final TestCertificate RENEWED = TestCertificate.named("CN=renewed")
            .key(OLD.pair())
            .dns("mail.example.org")
            .bySelf();

    @TempDir
    private Path folder;

    private final NameServers servers = new NameServers();
    private final List<Event> told = new ArrayList<>();
    private final List<ZoneUpdate> sent = new ArrayList<>();
    private Optional<ZoneUpdater> updater = Optional.empty();
    private String world = WORLD;
    private Instant now = TestCertificate.NOW;

    @BeforeEach
    void serveTheOldKey() {
        serve(OLD);
    }

    private static TestCertificate certificate(String... hosts) {
        return TestCertificate.named("CN=" + hosts[0]).dns(hosts).bySelf();
    }

    private static String zone(String host, TestCertificate... keys) {
        StringBuilder zone = new StringBuilder("$TTL 1h\nexample.org. A 192.0.2.3\n");
        for (TestCertificate key : keys) {
            zone.append(MasterFile.line(
                            TlsaRecords.nameOf(DomainName.of(host)),
                            RecordType.TLSA,
                            CertificateAssociation.ofServer(key.certificate())))
                    .append('\n');
        }
        return zone.toString();
    }

    private void serve(TestCertificate... keys) {
        servers.serve("192.0.2.1", zone("mail.example.org", keys));
        servers.serve("192.0.2.2", zone("mail.example.org", keys));
    }

    private RolloverGuard.Names names() {
        ZoneResolver resolver = ZoneResolver.of(world);
        return new RolloverGuard.Names(
                resolver,
                new Publication(resolver, servers, Set.of()),
                () -> new Site.Names(Sites.HOST, List.of(Sites.ORG, Sites.NET)));
    }

    private RolloverGuard guard() {
        return new RolloverGuard(
                names(),
                folder.resolve("waiting"),
                new RolloverGuard.Ground(updater.orElse(ZoneUpdater.none()), () -> now, told::add));
    }

    private static String ruling(RolloverGuard guard, TestCertificate fresh) {
        return words(guard.mayShow(List.of(OLD.certificate()), List.of(fresh.certificate())));
    }

    private static String words(ActivationGuard.Ruling ruling) {
        return switch (ruling) {
            case ActivationGuard.Ruling.Allowed _ -> "allowed";
            case ActivationGuard.Ruling.NotYet(String why) -> why;
        };
    }

    private void pass(Duration time) {
        now = now.plus(time);
    }

    @Test
    void newKeyWaitsUntilEveryServerHasItAndTheOldSetIsForgotten() {
        RolloverGuard guard = guard();
        String line = MasterFile.line(
                TlsaRecords.nameOf(Sites.HOST), RecordType.TLSA, CertificateAssociation.ofServer(NEW.certificate()));
        assertThat(ruling(guard, NEW)).contains("would refuse it", "Publish " + line);
        servers.serve("192.0.2.1", zone("mail.example.org", OLD, NEW));
        pass(RolloverGuard.PAUSE);
        assertThat(ruling(guard, NEW)).contains("would refuse it");
        serve(OLD, NEW);
        pass(RolloverGuard.PAUSE);
        Instant until = now.plus(Duration.ofHours(1));
        assertThat(ruling(guard, NEW)).endsWith("until " + until);
        pass(Duration.ofHours(1).minusSeconds(1));
        assertThat(ruling(guard, NEW)).endsWith("until " + until);
        pass(Duration.ofSeconds(1));
        assertThat(ruling(guard, NEW)).isEqualTo("allowed");
        assertThat(folder.resolve("waiting")).isDirectoryNotContaining("glob:**.waits");
    }

    @Test
    void waitingGoesOnWhereItWasAfterARestart() {
        assertThat(ruling(guard(), NEW)).contains("would refuse it");
        serve(OLD, NEW);
        assertThat(ruling(guard(), NEW)).contains("others may keep");
        pass(Duration.ofMinutes(59));
        assertThat(ruling(guard(), NEW)).contains("others may keep");
        pass(Duration.ofMinutes(1));
        assertThat(ruling(guard(), NEW)).isEqualTo("allowed");
    }

    /// RFC 7671 §5.1: a record for a key holds for every certificate of it.
    @Test
    void certificateOfTheSameKeyIsShownAtOnce() {
        assertThat(ruling(guard(), RENEWED)).isEqualTo("allowed");
    }

    @Test
    void withoutTlsaRecordsNothingWaits() {
        serve();
        assertThat(ruling(guard(), NEW)).isEqualTo("allowed");
        assertThat(folder.resolve("waiting")).doesNotExist();
    }

    @Test
    void recordsThatAreTakenAwayAreWaitedForAsWell() {
        RolloverGuard guard = guard();
        assertThat(ruling(guard, NEW)).contains("would refuse it");
        serve();
        pass(RolloverGuard.PAUSE);
        assertThat(ruling(guard, NEW)).contains("others may keep");
        pass(Duration.ofHours(1));
        assertThat(ruling(guard, NEW)).isEqualTo("allowed");
    }

    @Test
    void silentServerIsWaitedFor() {
        serve(OLD, NEW);
        servers.silence("192.0.2.2");
        assertThat(ruling(guard(), NEW)).contains("ns2.example.org (192.0.2.2): it does not answer");
    }

    private void silenceAll() {
        servers.silence("192.0.2.1");
        servers.silence("192.0.2.2");
        world = WORLD + "_25._tcp.mail.example.org. SERVFAIL\n";
    }

    /// A server without DNS shows what it is given.
    @Test
    void silenceOfAllHoldsNothingBackWhereNoRecordWasEverSeen() {
        silenceAll();
        assertThat(ruling(guard(), NEW)).isEqualTo("allowed");
    }

    @Test
    void silenceOfAllHoldsBackWhereRecordsWereSeenBefore() {
        new TlsaWatch(names(), folder.resolve("waiting"), told::add).look();
        silenceAll();
        new TlsaWatch(names(), folder.resolve("waiting"), told::add).look();
        assertThat(ruling(guard(), NEW)).contains("not every name server tells");
        serve();
        world = WORLD;
        new TlsaWatch(names(), folder.resolve("waiting"), told::add).look();
        silenceAll();
        assertThat(ruling(guard(), NEW)).isEqualTo("allowed");
        assertThat(told).isEmpty();
    }

    /// Behind a filter only the resolver can be asked.
    @Test
    void resolverIsBelievedWhereNoServerCanBeAsked() {
        silenceAll();
        world = WORLD;
        assertThat(ruling(guard(), NEW)).isEqualTo("allowed");
        world = WORLD + zone("mail.example.org", OLD).replace("example.org. A 192.0.2.3\n", "");
        assertThat(ruling(guard(), NEW)).contains("would refuse it");
        world = WORLD + zone("mail.example.org", OLD, NEW).replace("example.org. A 192.0.2.3\n", "");
        assertThat(ruling(guard(), NEW)).contains("others may keep");
    }

    @Test
    void certificateThatHasEndedIsNotShownAnyLonger() {
        RolloverGuard guard = guard();
        now = OLD.certificate().getNotAfter().toInstant().minusSeconds(1);
        assertThat(ruling(guard, NEW)).contains("would refuse it");
        assertThat(told).isEmpty();
        pass(RolloverGuard.PAUSE);
        assertThat(ruling(guard, NEW)).isEqualTo("allowed");
        assertThat(told).singleElement().isInstanceOf(RolloverEvent.ShownAgainstDane.class);
    }

    @Test
    void whereBothAreRefusedTheNewOneIsShown() {
        serve(certificate("other.example.org"));
        assertThat(ruling(guard(), NEW)).isEqualTo("allowed");
    }

    @Test
    void whereNothingIsShownAnythingIsBetter() {
        assertThat(words(guard().mayShow(List.of(), List.of(NEW.certificate()))))
                .isEqualTo("allowed");
    }

    @Test
    void keyWithARecordStaysAndOneWithoutNeedNot() {
        ZoneResolver resolver = ZoneResolver.of(WORLD);
        PinnedKeys pinned = new PinnedKeys(
                resolver,
                new Publication(resolver, servers, Set.of()),
                () -> new Site.Names(Sites.HOST, List.of(Sites.ORG)));
        assertThat(pinned.isPinned(OLD.certificate())).isTrue();
        assertThat(pinned.isPinned(NEW.certificate())).isFalse();
        servers.silence("192.0.2.2");
        assertThat(pinned.isPinned(NEW.certificate())).isTrue();
    }

    @Test
    void everyNameOfOursThatACertificateIsShownUnderCounts() {
        servers.serve("192.0.2.1", zone("mx2.example.org", OLD));
        servers.serve("192.0.2.2", zone("mx2.example.org", OLD));
        assertThat(ruling(guard(), NEW)).isEqualTo("allowed");
        assertThat(ruling(guard(), certificate("mail.example.org", "mx2.example.org")))
                .contains("_25._tcp.mx2.example.org.");
        assertThat(ruling(guard(), certificate("*.example.org"))).contains("_25._tcp.mx2.example.org.");
        TestCertificate policies = certificate("mta-sts.example.org");
        serve(OLD);
        assertThat(words(guard().mayShow(
                                List.of(certificate("mta-sts.example.org").certificate()),
                                List.of(policies.certificate()))))
                .isEqualTo("allowed");
        assertThat(ruling(guard(), certificate("unknown.example"))).contains("_25._tcp.mail.example.org.");
    }

    @Test
    void recordIsPublishedWhereAServerTakesItBesideWhatIsThere() {
        updater = Optional.of(new ZoneUpdater() {
            @Override
            public Optional<DomainName> zone(DomainName name) {
                return Optional.of(Sites.ORG).filter(name::isWithin);
            }

            @Override
            public UpdateAnswer send(ZoneUpdate update) {
                sent.add(update);
                serve(OLD, NEW);
                return new UpdateAnswer.Done();
            }
        });
        RolloverGuard guard = guard();
        assertThat(ruling(guard, NEW)).contains("would refuse it");
        DomainName name = TlsaRecords.nameOf(Sites.HOST);
        assertThat(sent)
                .containsExactly(new ZoneUpdate(
                        Sites.ORG,
                        List.of(new ZoneUpdate.Condition.Holds<>(
                                name, RecordType.TLSA, List.of(CertificateAssociation.ofServer(OLD.certificate())))),
                        List.of(new ZoneUpdate.Change.Add<>(
                                name,
                                RecordType.TLSA,
                                Duration.ofHours(1),
                                CertificateAssociation.ofServer(NEW.certificate())))));
        assertThat(told)
                .singleElement()
                .isInstanceOfSatisfying(
                        RolloverEvent.RecordSent.class,
                        event -> assertThat(event.done()).isTrue());
        pass(RolloverGuard.PAUSE);
        assertThat(ruling(guard, NEW)).contains("others may keep");
        pass(Duration.ofHours(1));
        assertThat(ruling(guard, NEW)).isEqualTo("allowed");
        assertThat(sent).hasSize(1);
    }

    @Test
    void serverThatRefusesIsToldOnceAndNothingIsSentWhileServersDiffer() {
        updater = Optional.of(new ZoneUpdater() {
            @Override
            public Optional<DomainName> zone(DomainName name) {
                return Optional.of(Sites.ORG);
            }

            @Override
            public UpdateAnswer send(ZoneUpdate update) {
                sent.add(update);
                return new UpdateAnswer.Refused("REFUSED", "not allowed");
            }
        });
        RolloverGuard guard = guard();
        for (int i = 0; i < 3; i++) {
            ruling(guard, NEW);
            ruling(guard, NEW);
            pass(RolloverGuard.PAUSE);
        }
        assertThat(sent).hasSize(3);
        assertThat(told).hasSize(1);
        servers.serve("192.0.2.2", zone("mail.example.org", OLD, RENEWED, certificate("a.example.org")));
        ruling(guard, NEW);
        assertThat(sent).hasSize(3);
    }

    @Test
    void damagedMemoryMakesTheTimeBeginAnew() throws Exception {
        serve(OLD, NEW);
        assertThat(ruling(guard(), NEW)).contains("others may keep");
        try (var files = Files.list(folder.resolve("waiting"))) {
            Files.writeString(
                    files.filter(file -> file.toString().endsWith(".waits"))
                            .findFirst()
                            .orElseThrow(),
                    "x".repeat(100_000));
        }
        pass(Duration.ofMinutes(59));
        assertThat(ruling(guard(), NEW)).endsWith("until " + now.plus(Duration.ofHours(1)));
    }
}
