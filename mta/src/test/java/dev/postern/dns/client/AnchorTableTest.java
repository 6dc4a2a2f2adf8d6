package dev.postern.dns.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.DNSSEC;
import org.xbill.DNS.DSRecord;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRset;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// How trust follows from one key of the root to the next (RFC 5011 §4).
class AnchorTableTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final int ENTRY_POINT = 0x0101;
    private static final int REVOKED = ENTRY_POINT | TrackedKey.REVOKE;
    private static final int ZONE_KEY = 0x0100;

    private final SignedTree.SigningKey first = SignedTree.SigningKey.make(Name.root, ENTRY_POINT);
    private final SignedTree.SigningKey second = SignedTree.SigningKey.make(Name.root, ENTRY_POINT);
    private final AnchorTable begin = AnchorTable.of(anchors(first));
    private Instant now = START;

    private static TrustAnchors anchors(SignedTree.SigningKey key) {
        return TrustAnchors.of(List.of(new DSRecord(Name.root, DClass.IN, 0, DNSSEC.Digest.SHA256, key.record())));
    }

    private static SignedTree.SigningKey revoked(SignedTree.SigningKey key) {
        DNSKEYRecord record = key.record();
        return new SignedTree.SigningKey(
                new DNSKEYRecord(
                        Name.root,
                        DClass.IN,
                        record.getTTL(),
                        REVOKED,
                        record.getProtocol(),
                        record.getAlgorithm(),
                        record.getKey()),
                key.pair());
    }

    private KeySet seen(List<SignedTree.SigningKey> keys, List<SignedTree.SigningKey> signers) {
        return KeySet.read(message(keys, signers), Name.root, now).orElseThrow();
    }

    private Message message(List<SignedTree.SigningKey> keys, List<SignedTree.SigningKey> signers) {
        Message message = new Message();
        message.getHeader().setFlag(Flags.QR);
        message.addRecord(Record.newRecord(Name.root, Type.DNSKEY, DClass.IN), Section.QUESTION);
        RRset set = new RRset();
        for (SignedTree.SigningKey key : keys) {
            set.addRR(key.record());
            message.addRecord(key.record(), Section.ANSWER);
        }
        for (SignedTree.SigningKey signer : signers) {
            message.addRecord(
                    signer.sign(set, now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(9))), Section.ANSWER);
        }
        return message;
    }

    private AnchorTable after(
            AnchorTable table, List<SignedTree.SigningKey> keys, List<SignedTree.SigningKey> signers) {
        return table.after(seen(keys, signers), now);
    }

    private static boolean trusts(AnchorTable table, SignedTree.SigningKey key) {
        return table.anchors().records().stream().anyMatch(anchor -> TrackedKey.names(anchor, key.record()));
    }

    private static List<String> states(AnchorTable table) {
        return table.text()
                .lines()
                .filter(line -> !line.startsWith(";"))
                .map(line -> line.substring(0, line.indexOf(' ')))
                .toList();
    }

    /// What is seen of one key in a set that the other, trusted one has signed.
    private AnchorTable event(AnchorTable table, String event) {
        return switch (event) {
            case "there" -> after(table, List.of(first, second), List.of(first));
            case "gone" -> after(table, List.of(first), List.of(first));
            case "revoked" -> after(table, List.of(first, revoked(second)), List.of(first, revoked(second)));
            case "revoked by others" -> after(table, List.of(first, revoked(second)), List.of(first));
            case "forged there" -> {
                SignedTree.SigningKey forger = SignedTree.SigningKey.make(Name.root, ENTRY_POINT);
                yield after(table, List.of(first, second, forger), List.of(forger));
            }
            case "forged gone" -> {
                SignedTree.SigningKey forger = SignedTree.SigningKey.make(Name.root, ENTRY_POINT);
                yield after(table, List.of(first, forger), List.of(forger));
            }
            default -> throw new IllegalArgumentException(event);
        };
    }

    private AnchorTable in(String state) {
        return switch (state) {
            case "START" -> event(begin, "gone");
            case "ADD_PEND" -> event(in("START"), "there");
            case "VALID" -> later(in("ADD_PEND"), 30, "there");
            case "MISSING" -> event(in("VALID"), "gone");
            case "REVOKED" -> event(in("VALID"), "revoked");
            case "REMOVED" -> later(in("REVOKED"), 30, "gone");
            default -> throw new IllegalArgumentException(state);
        };
    }

    private AnchorTable later(AnchorTable table, int days, String event) {
        now = now.plus(Duration.ofDays(days));
        return event(table, event);
    }

    /// RFC 5011 §4.1, every state and every event.
    @ParameterizedTest
    @CsvSource({
        "START,    0, there, ADD_PEND, false",
        "START,    0, gone, START, false",
        "START,    0, revoked, START, false",
        "START,    0, forged there, START, false",
        "ADD_PEND, 0, there, ADD_PEND, false",
        "ADD_PEND, 29, there, ADD_PEND, false",
        "ADD_PEND, 30, there, VALID, true",
        "ADD_PEND, 30, forged there, ADD_PEND, false",
        "ADD_PEND, 29, gone, START, false",
        "ADD_PEND, 30, gone, START, false",
        "ADD_PEND, 0, revoked, START, false",
        "VALID,    0, there, VALID, true",
        "VALID,    0, gone, MISSING, true",
        "VALID,    0, forged gone, VALID, true",
        "VALID,    0, revoked, REVOKED, false",
        "VALID,    0, revoked by others, MISSING, true",
        "MISSING,  0, there, VALID, true",
        "MISSING,  400, gone, MISSING, true",
        "MISSING,  0, forged there, MISSING, true",
        "MISSING,  0, revoked, REVOKED, false",
        "REVOKED,  29, gone, REVOKED, false",
        "REVOKED,  30, gone, REMOVED, false",
        "REVOKED,  0, there, REVOKED, false",
        "REVOKED,  0, revoked, REVOKED, false",
        "REMOVED,  0, there, REMOVED, false",
        "REMOVED,  400, gone, REMOVED, false",
    })
    void everyEventLeadsFromEachStateWhereTheStandardSays(
            String state, int days, String event, String next, boolean trusted) {
        AnchorTable table = later(in(state), days, event);
        assertThat(states(table)).isEqualTo(next.equals("START") ? List.of("VALID") : List.of("VALID", next));
        assertThat(trusts(table, second)).isEqualTo(trusted);
        assertThat(trusts(table, first)).isTrue();
    }

    @Test
    void configuredKeyIsValidAtOnceAndTrustedBeforeItWasSeen() {
        assertThat(trusts(begin, first)).isTrue();
        assertThat(states(begin)).isEmpty();
        assertThat(states(event(begin, "gone"))).containsExactly("VALID");
    }

    @Test
    void keyThatGoesAndComesBackBeginsAnew() {
        AnchorTable table = later(in("ADD_PEND"), 20, "gone");
        table = later(table, 1, "there");
        table = later(table, 20, "there");
        assertThat(trusts(table, second)).isFalse();
        assertThat(trusts(later(table, 10, "there"), second)).isTrue();
    }

    @Test
    void keyIsHeldForAsLongAsItMayBeKept() {
        SignedTree.SigningKey lasting = new SignedTree.SigningKey(
                new DNSKEYRecord(
                        Name.root,
                        DClass.IN,
                        Duration.ofDays(60).toSeconds(),
                        ENTRY_POINT,
                        second.record().getProtocol(),
                        second.record().getAlgorithm(),
                        second.record().getKey()),
                second.pair());
        AnchorTable table = after(begin, List.of(lasting), List.of());
        assertThat(trusts(table, lasting)).isFalse();
        table = after(event(begin, "gone"), List.of(lasting, first), List.of(first));
        now = now.plus(Duration.ofDays(59));
        table = after(table, List.of(lasting, first), List.of(first));
        assertThat(trusts(table, lasting)).isFalse();
        now = now.plus(Duration.ofDays(1));
        assertThat(trusts(after(table, List.of(lasting, first), List.of(first)), lasting))
                .isTrue();
    }

    /// The whole of a rollover: the new key alone signs in the end, and the old one is known to be revoked.
    @Test
    void trustFollowsTheZoneThroughARollover() {
        AnchorTable table = in("VALID");
        table = after(table, List.of(revoked(first), second), List.of(revoked(first), second));
        assertThat(trusts(table, first)).isFalse();
        table = after(table, List.of(second), List.of(second));
        assertThat(trusts(table, second)).isTrue();
    }

    @Test
    void whoeverHasARevokedKeySignsNothingIn() {
        AnchorTable table = in("VALID");
        table = after(table, List.of(revoked(first), second), List.of(revoked(first), second));
        SignedTree.SigningKey forged = SignedTree.SigningKey.make(Name.root, ENTRY_POINT);
        assertThat(states(after(table, List.of(first, second, forged), List.of(first))))
                .containsExactly("REVOKED", "VALID");
    }

    @Test
    void whereAllKeysAreRevokedNothingIsTrusted() {
        AnchorTable table = after(begin, List.of(revoked(first)), List.of(revoked(first)));
        assertThat(states(table)).containsExactly("REVOKED");
        assertThat(table.anchors().records()).isEmpty();
    }

    @Test
    void keyThatIsNoEntryPointIsNotFollowed() {
        SignedTree.SigningKey plain = SignedTree.SigningKey.make(Name.root, ZONE_KEY);
        assertThat(states(after(begin, List.of(first, plain), List.of(first)))).containsExactly("VALID");
    }

    @Test
    void howManyKeysAreFollowedIsBounded() {
        AnchorTable table = begin;
        for (int round = 0; round < 5; round++) {
            List<SignedTree.SigningKey> keys = new ArrayList<>(List.of(first));
            IntStream.range(0, 30).forEach(i -> keys.add(SignedTree.SigningKey.make(Name.root, ENTRY_POINT)));
            table = after(table, keys, List.of(first));
        }
        assertThat(states(table)).hasSizeLessThanOrEqualTo(64);
        List<SignedTree.SigningKey> many = IntStream.range(0, 33)
                .mapToObj(i -> SignedTree.SigningKey.make(Name.root, ENTRY_POINT))
                .toList();
        assertThat(KeySet.read(message(many, List.of()), Name.root, now)).isEqualTo(Optional.empty());
    }

    @Test
    void tableIsReadAsItWasWritten() throws IOException {
        for (String state : List.of("START", "ADD_PEND", "VALID", "MISSING", "REVOKED", "REMOVED")) {
            AnchorTable table = in(state);
            AnchorTable read = AnchorTable.parse(table.text(), anchors(first));
            assertThat(read.text()).isEqualTo(table.text());
            assertThat(read.anchors()).isEqualTo(table.anchors());
        }
    }

    @Test
    void textThatIsNoTableIsNotRead() {
        String good = in("VALID").text();
        for (String bad : List.of(
                "VALID",
                "VALID 2026-01-01T00:00:00Z",
                good.replace("VALID", "GOOD"),
                good.replace("T00", "X00"),
                good.replace("257", "385"),
                good.replace("DNSKEY", "TXT"),
                good.substring(0, good.length() - 20),
                "x".repeat(1000),
                good.repeat(40))) {
            assertThatIOException().isThrownBy(() -> AnchorTable.parse(bad, anchors(first)));
        }
    }

    @Test
    void changesAreToldByTheirTag() {
        int tag = second.record().getFootprint();
        assertThat(in("ADD_PEND").changesFrom(begin)).contains(". " + tag + ": START to ADD_PEND");
        AnchorTable pending = in("ADD_PEND");
        assertThat(later(pending, 30, "there").changesFrom(pending))
                .containsExactly(". " + tag + ": ADD_PEND to VALID");
        assertThat(event(pending, "gone").changesFrom(pending)).containsExactly(". " + tag + ": ADD_PEND to START");
    }

    /// RFC 5011 §2.3
    @ParameterizedTest
    @CsvSource({
        "PT48H, P20D, true, PT24H",
        "PT48H, PT10H, true, PT5H",
        "P60D, P60D, true, P15D",
        "PT1H, P20D, true, PT1H",
        "PT48H, P20D, false, PT4H48M",
        "P60D, P60D, false, P1D",
        "PT48H, PT0S, false, PT1H"
    })
    void nextTimeFollowsFromWhatWasSeen(String ttl, String signed, boolean believed, String interval) {
        KeySet seen =
                new KeySet(Name.root, List.of(), List.of(), List.of(), Duration.parse(ttl), Duration.parse(signed));
        assertThat(AnchorRefresh.interval(seen, believed)).isEqualTo(Duration.parse(interval));
    }
}
