package dev.postern.blackbox.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The ledger notices what it is there to notice.
final class LedgerTest {
    private static final String INBOX = "joe@box.test";
    private static final String AWAY = "joe@away.test";

    private final Ledger ledger = new Ledger();

    private long promise(String... recipients) {
        long letter = ledger.next();
        ledger.promised(letter, List.of(recipients));
        return letter;
    }

    private void arrive(long letter, String recipient) {
        ledger.arrived(Optional.of(new Copy(letter, true)), recipient);
    }

    @Test
    void whatWasPromisedAndArrivedOnceIsInOrder() {
        long letter = promise(INBOX, AWAY);
        assertThat(ledger.outstanding()).isEqualTo(2);
        arrive(letter, INBOX);
        arrive(letter, AWAY);
        assertThat(ledger.outstanding()).isZero();
        Balance balance = ledger.balance();
        assertThat(balance.lost()).isEmpty();
        assertThat(balance.faults()).isEmpty();
        assertThat(balance.mostRepeatsOfOneKill()).isZero();
        assertThat(balance.count()).isEqualTo(new Balance.Count(0, 2, 2, 0, 1));
    }

    @Test
    void aPromisedLetterThatNeverArrivedIsLost() {
        long arrived = promise(INBOX);
        long lost = promise(INBOX);
        arrive(arrived, INBOX);
        assertThat(ledger.outstanding()).isOne();
        assertThat(ledger.balance().lost()).containsExactly(new Parcel(lost, INBOX));
    }

    @Test
    void oneOfTwoRecipientsIsLostAlone() {
        long letter = promise(INBOX, AWAY);
        arrive(letter, AWAY);
        assertThat(ledger.balance().lost()).containsExactly(new Parcel(letter, INBOX));
    }

    @Test
    void anArrivalAtTheWrongAddressDoesNotKeepThePromise() {
        long letter = promise(INBOX);
        arrive(letter, AWAY);
        assertThat(ledger.balance().lost()).containsExactly(new Parcel(letter, INBOX));
        assertThat(ledger.balance().count().unpromised()).isOne();
    }

    @Test
    void aLetterThatArrivesBeforeItsPromiseIsNotOutstanding() {
        long letter = ledger.next();
        arrive(letter, INBOX);
        ledger.promised(letter, List.of(INBOX));
        assertThat(ledger.outstanding()).isZero();
        assertThat(ledger.balance().lost()).isEmpty();
    }

    @Test
    void withoutA250ALetterMayArriveOrNot() {
        arrive(ledger.next(), INBOX);
        ledger.next();
        Balance balance = ledger.balance();
        assertThat(balance.lost()).isEmpty();
        assertThat(balance.faults()).isEmpty();
        assertThat(balance.count().unpromised()).isOne();
    }

    @Test
    void twiceWithoutAKillIsTold() {
        long letter = promise(INBOX);
        arrive(letter, INBOX);
        arrive(letter, INBOX);
        assertThat(ledger.balance().repeatedInOneEra()).containsExactly(new Parcel(letter, INBOX));
    }

    @Test
    void twiceWithAKillInBetweenIsCountedForThatKill() {
        long early = promise(INBOX);
        arrive(early, INBOX);
        ledger.endEra();
        arrive(early, INBOX);
        long both = promise(INBOX, AWAY);
        long other = promise(INBOX, "jane@box.test");
        Set.of(both, other).forEach(letter -> arrive(letter, INBOX));
        arrive(both, AWAY);
        arrive(other, "jane@box.test");
        ledger.endEra();
        Set.of(both, other).forEach(letter -> arrive(letter, INBOX));
        arrive(both, AWAY);
        arrive(other, "jane@box.test");
        Balance balance = ledger.balance();
        assertThat(balance.repeatedInOneEra()).isEmpty();
        assertThat(balance.repeatsByKill().get(0)).containsExactly(new Parcel(early, INBOX));
        assertThat(balance.repeatsByKill().get(1)).hasSize(4);
        // Both inboxes of one letter are one delivery, the other domain is another.
        assertThat(balance.mostRepeatsOfOneKill()).isEqualTo(3);
        assertThat(balance.count().mostCopies()).isEqualTo(2);
    }

    @Test
    void damagedAndStrangeMailIsAFault() {
        long letter = promise(INBOX);
        ledger.arrived(Optional.of(new Copy(letter, false)), INBOX);
        ledger.arrived(Optional.of(new Copy(letter + 1, true)), INBOX);
        ledger.arrived(Optional.empty(), INBOX);
        ledger.promised(letter, List.of(INBOX));
        assertThat(ledger.balance().faults())
                .containsExactly(
                        "letter 0 arrived damaged at joe@box.test",
                        "letter 1 arrived at joe@box.test and was never sent",
                        "mail that nobody sent arrived at joe@box.test",
                        "letter 0 was promised twice to joe@box.test");
        assertThat(ledger.balance().lost()).containsExactly(new Parcel(letter, INBOX));
    }

    @Test
    void awaitedPromisesComeOrDoNot() throws InterruptedException {
        assertThat(ledger.awaitPromises(1, 0)).isFalse();
        Thread promising =
                Thread.ofVirtual().start(() -> IntStream.range(0, 100).forEach(_ -> promise(INBOX)));
        assertThat(ledger.awaitPromises(100, Long.MAX_VALUE / 2)).isTrue();
        promising.join();
    }
}
