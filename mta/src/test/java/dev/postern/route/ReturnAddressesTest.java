package dev.postern.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DomainName;
import dev.postern.smtp.EnhancedStatus;
import dev.postern.smtp.Host;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.Postmaster;
import dev.postern.spool.ManualClock;
import dev.postern.srs.Rewriting;
import dev.postern.srs.SenderRewriting;
import dev.postern.srs.SrsSecrets;
import dev.postern.srs.SrsSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReturnAddressesTest {
    private static final DomainName OURS = DomainName.of("ours.example");
    private static final DomainName RELAYED = DomainName.of("relayed.example");
    private static final DomainName LATER = DomainName.of("later.example");
    private static final DomainName FAR = DomainName.of("far.example");
    private static final Mailbox BOSS = Mailbox.of("boss", OURS);

    private final ManualClock clock = ManualClock.atNoon();

    /// Before `later.example` became ours.
    private final SenderRewriting before = rewriting(Set.of(OURS));

    private final Directory directory = new ReturnAddresses(table(), rewriting(Set.of(OURS, LATER)));

    private SenderRewriting rewriting(Set<DomainName> ours) {
        return new SenderRewriting(
                new SrsSettings(OURS, ours, SrsSettings.USUAL_DAYS), SrsSecrets.of("a secret of the test"), clock);
    }

    /// Every local part exists in `ours.example`, the rest goes to boss; `later.example` has boss only.
    private static AddressTable table() {
        AddressSettings settings = new AddressSettings(
                List.of(
                        new OwnDomain(OURS, "maildir", InboxLookup.any(), Optional.of(BOSS)),
                        OwnDomain.of(
                                LATER,
                                "maildir",
                                inbox -> inbox.localPart().value().equals("boss"))),
                List.of(new RelayDomain(DomainPattern.parse(RELAYED.text()).orElseThrow(), Optional.empty())),
                Aliases.none(),
                Optional.of(BOSS),
                Set.of(),
                "+");
        return switch (AddressTable.of(settings)) {
            case AddressTable.Good(AddressTable table) -> table;
            case AddressTable.Bad bad -> throw new AssertionError(bad);
        };
    }

    private Mailbox returnAddress(Mailbox sender) {
        return ((Rewriting.Rewritten) before.forward(sender)).address();
    }

    private Destination meaningOfReturnTo(Mailbox sender) {
        return directory.destination(returnAddress(sender));
    }

    @Test
    void genuineOneMeansTheSenderWhereverThatIs() {
        Mailbox far = Mailbox.of("a", FAR);
        Mailbox relayed = Mailbox.of("a", RELAYED);
        Mailbox later = Mailbox.of("boss", LATER);
        assertThat(meaningOfReturnTo(far))
                .isEqualTo(new Destination.Returned(far, new Destination.Remote(new Host.Domain(FAR))));
        assertThat(meaningOfReturnTo(relayed))
                .isEqualTo(new Destination.Returned(relayed, new Destination.Relayed(RELAYED)));
        assertThat(meaningOfReturnTo(later))
                .isEqualTo(new Destination.Returned(later, new Destination.Inbox(later, Optional.empty())));
    }

    @Test
    void senderWhoseDomainBecameOursAndWhoIsNobodyHereIsUnknown() {
        assertThat(meaningOfReturnTo(Mailbox.of("nobody", LATER))).isInstanceOf(Destination.Unknown.class);
    }

    @Test
    void expiredOneIsToldSo() {
        Mailbox address = returnAddress(Mailbox.of("a", FAR));
        clock.advance(Duration.ofDays(22));
        assertThat(directory.destination(address))
                .isEqualTo(new Destination.Unreturnable(
                        "srs", EnhancedStatus.of("5.1.1"), "this return address was good for 21 days and has expired"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"SRS0=AAAAAA=D5=far.example=a", "srs1+x", "SRS0-box"})
    void forgedOneReachesNeitherAnInboxNorTheCatchAll(String local) {
        assertThat(directory.destination(Mailbox.of(local, OURS)))
                .isEqualTo(new Destination.Unreturnable(
                        "srs", EnhancedStatus.of("5.7.1"), "this return address was not made by this server"));
    }

    @Test
    void everythingElseMeansWhatIsWrittenDown() {
        assertThat(directory.destination(BOSS)).isEqualTo(new Destination.Inbox(BOSS, Optional.empty()));
        assertThat(directory.destination(new Postmaster())).isInstanceOf(Destination.Inbox.class);
        assertThat(directory.destination(Mailbox.of("SRS0=AAAAAA=D5=far.example=a", RELAYED)))
                .isEqualTo(new Destination.Relayed(RELAYED));
        assertThat(directory.destination(Mailbox.of("SRS0=AAAAAA=D5=far.example=a", FAR)))
                .isInstanceOf(Destination.Remote.class);
    }
}
