package dev.postern.dns.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DnsAnswer;
import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSECRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.RRset;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// What our own validation makes of a tree of zones, and of those who forge it.
@Timeout(120)
class ValidationTest {
    private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
    private static final String SECURE = """
            example. 3600 IN MX 10 mx.example.
            example. 3600 IN TXT "v=spf1 -all"
            mx.example. 3600 IN A 192.0.2.1
            _25._tcp.mx.example. 3600 IN TLSA 3 1 1 00FF
            alias.example. 3600 IN CNAME mx.example.
            out.example. 3600 IN CNAME host.plain.
            nowhere.example. 3600 IN CNAME nobody.example.
            """;
    private static final String PLAIN = """
            plain. 3600 IN MX 10 host.plain.
            host.plain. 3600 IN A 192.0.2.2
            in.plain. 3600 IN CNAME mx.example.
            """;

    private final SignedTree tree = tree(new SignedTree.Signing.Plain());

    private static SignedTree tree(SignedTree.Signing signing) {
        return new SignedTree(NOW)
                .zone(".", signing, "")
                .zone("example.", signing, SECURE)
                .zone("plain.", new SignedTree.Signing.None(), PLAIN)
                .zone("sub.example.", new SignedTree.Signing.None(), "a.sub.example. 3600 IN A 192.0.2.3\n");
    }

    /// What stands between the tree and us.
    private interface Way extends UnaryOperator<Message> {}

    private static Message honest(Message message) {
        return message;
    }

    /// Answers one question in another way.
    private static Way forging(String name, int type, UnaryOperator<Message> forger) {
        return message -> {
            Record asked = message.getQuestion();
            return asked.getType() == type && asked.getName().equals(SignedTree.name(name))
                    ? forger.apply(message)
                    : message;
        };
    }

    private <R> DnsAnswer<R> ask(String name, RecordType<R> type, Way way) throws IOException {
        return ask(tree, tree.anchor("."), name, type, way);
    }

    private static <R> DnsAnswer<R> ask(SignedTree tree, TrustAnchors anchors, String name, RecordType<R> type, Way way)
            throws IOException {
        try (ScriptedServer server = server(tree, way);
                DnsClient client = server.resolver(anchors, NOW)) {
            return client.resolve(DomainName.of(name), type);
        }
    }

    private static ScriptedServer server(SignedTree tree, Way way) throws IOException {
        return new ScriptedServer(
                (number, asked, server) -> server.reply(asked, way.apply(tree.answer(asked.message()))));
    }

    private static String verdict(DnsAnswer<?> answer) {
        return switch (answer) {
            case DnsAnswer.Found<?> found -> "found " + (found.authentic() ? "secure" : "insecure");
            case DnsAnswer.NoData<?> none -> "no data " + (none.authentic() ? "secure" : "insecure");
            case DnsAnswer.NoDomain<?> none -> "no domain " + (none.authentic() ? "secure" : "insecure");
            case DnsAnswer.Failed<?> failed -> failed.why().contains("bogus") ? "bogus" : "failed: " + failed.why();
        };
    }

    private static String verdict(DnsAnswer<?> answer, String why) {
        assertThat(answer)
                .isInstanceOfSatisfying(
                        DnsAnswer.Failed.class,
                        failed -> assertThat(failed.why()).contains(why));
        return verdict(answer);
    }

    @ParameterizedTest
    @CsvSource({
        "mx.example, found secure",
        "alias.example, found secure",
        "out.example, found insecure",
        "in.plain, found insecure",
        "host.plain, found insecure",
        "a.sub.example, found insecure",
        "example, no data secure",
        "_tcp.mx.example, no data secure",
        "nobody.example, no domain secure",
        "deep.below.nobody.example, no domain secure",
        "nowhere.example, no domain secure",
        "nobody, no domain secure",
        "plain, no data insecure",
        "nobody.plain, no domain insecure",
        "b.sub.example, no domain insecure"
    })
    void whatIsSignedIsVouchedForAndWhatIsProvablyNotIsNot(String name, String verdict) throws IOException {
        assertThat(verdict(ask(name, RecordType.A, ValidationTest::honest))).isEqualTo(verdict);
        SignedTree hashed = tree(new SignedTree.Signing.Hashed(1));
        assertThat(verdict(ask(hashed, hashed.anchor("."), name, RecordType.A, ValidationTest::honest)))
                .isEqualTo(verdict);
    }

    @Test
    void everyTypeIsVouchedFor() throws IOException {
        assertThat(verdict(ask("example", RecordType.MX, ValidationTest::honest)))
                .isEqualTo("found secure");
        assertThat(verdict(ask("example", RecordType.TXT, ValidationTest::honest)))
                .isEqualTo("found secure");
        assertThat(verdict(ask("_25._tcp.mx.example", RecordType.TLSA, ValidationTest::honest)))
                .isEqualTo("found secure");
        assertThat(verdict(ask("_26._tcp.mx.example", RecordType.TLSA, ValidationTest::honest)))
                .isEqualTo("no domain secure");
        assertThat(verdict(ask("example", RecordType.SOA, ValidationTest::honest)))
                .isEqualTo("found secure");
    }

    private static boolean isVouchedFor(DnsClient client, String alias) {
        return client.resolve(DomainName.of(alias), RecordType.CNAME) instanceof DnsAnswer.Found<?> found
                && found.authentic();
    }

    @Test
    void eachStepOfAnAliasHasItsOwnAuthenticity() throws IOException {
        try (ScriptedServer server = server(tree, ValidationTest::honest);
                DnsClient client = server.resolver(tree.anchor("."), NOW)) {
            assertThat(isVouchedFor(client, "out.example")).isTrue();
            assertThat(isVouchedFor(client, "in.plain")).isFalse();
        }
    }

    @Test
    void whereNothingIsTrustedNothingIsVouchedFor() throws IOException {
        assertThat(verdict(ask(tree, tree.anchor("example."), "mx.example", RecordType.A, ValidationTest::honest)))
                .isEqualTo("found secure");
        assertThat(verdict(ask(tree, tree.anchor("example."), "nobody", RecordType.A, ValidationTest::honest)))
                .isEqualTo("no domain insecure");
    }

    /// Whoever says that an unsigned alias leads to a signed name still cannot say what is there.
    @Test
    void whatAnAliasLeadsToIsValidatedWhateverTheAliasIs() throws IOException {
        assertThat(verdict(ask("in.plain", RecordType.A, message -> {
                    if (message.getQuestion().getType() != Type.A) {
                        return message;
                    }
                    Message forged = SignedTree.without(
                            message, record -> record.getName().equals(SignedTree.name("mx.example.")));
                    forged.addRecord(address("mx.example."), Section.ANSWER);
                    return forged;
                })))
                .isEqualTo("bogus");
    }

    @Test
    void anotherRootsKeyMakesEverythingBogus() throws IOException {
        TrustAnchors foreign = tree(new SignedTree.Signing.Plain()).anchor(".");
        for (String name : List.of("mx.example", "host.plain", "nobody")) {
            assertThat(verdict(ask(tree, foreign, name, RecordType.A, ValidationTest::honest)))
                    .isEqualTo("bogus");
        }
    }

    private static Message forged(Message message, Record... records) {
        Message forged = SignedTree.without(message, record -> true);
        forged.getHeader().setRcode(Rcode.NOERROR);
        for (Record record : records) {
            forged.addRecord(record, Section.ANSWER);
        }
        return forged;
    }

    private static ARecord address(String name) {
        return new ARecord(SignedTree.name(name), DClass.IN, 60, new byte[] {(byte) 203, 0, 113, 66});
    }

    private static SOARecord authority(String zone) {
        Name name = SignedTree.name(zone);
        return new SOARecord(name, DClass.IN, 60, name, name, 1, 1, 1, 1, 60);
    }

    private static Message denied(Message message, int code, Record... records) {
        Message denied = SignedTree.without(message, record -> true);
        denied.getHeader().setRcode(code);
        for (Record record : records) {
            denied.addRecord(record, Section.AUTHORITY);
        }
        return denied;
    }

    @Test
    void forgedRecordsAreBogus() throws IOException {
        List<UnaryOperator<Message>> forgers = List.of(
                message -> forged(message, address("mx.example.")),
                // signatures of the right records under others
                message -> {
                    Message forged = SignedTree.without(message, ARecord.class::isInstance);
                    forged.addRecord(address("mx.example."), Section.ANSWER);
                    return forged;
                },
                message -> SignedTree.without(message, RRSIGRecord.class::isInstance),
                // a record more in a set that is signed
                message -> {
                    message.addRecord(address("mx.example."), Section.ANSWER);
                    return message;
                },
                // what nobody signs stands before and behind it
                message -> forged(message, address("host.plain."), address("mx.example.")),
                message -> forged(message, address("mx.example."), address("host.plain.")),
                // an alias that leads to where nobody signs
                message -> forged(
                        message,
                        new CNAMERecord(SignedTree.name("mx.example."), DClass.IN, 60, SignedTree.name("host.plain.")),
                        address("host.plain.")),
                message -> forged(
                        message,
                        address("host.plain."),
                        new CNAMERecord(
                                SignedTree.name("mx.example."), DClass.IN, 60, SignedTree.name("host.plain."))));
        for (UnaryOperator<Message> forger : forgers) {
            assertThat(verdict(ask("mx.example", RecordType.A, forging("mx.example.", Type.A, forger))))
                    .isEqualTo("bogus");
        }
    }

    @Test
    void deniedRecordsAreBogus() throws IOException {
        SignedTree.SigningKey foreign = SignedTree.SigningKey.make(SignedTree.name("plain."), 0x0101);
        NSECRecord elsewhere =
                new NSECRecord(SignedTree.name("plain."), DClass.IN, 60, SignedTree.name("z.plain."), new int[] {
                    Type.NS, Type.SOA, Type.NSEC, Type.RRSIG
                });
        RRSIGRecord signature =
                foreign.sign(new RRset(elsewhere), NOW.minus(Duration.ofDays(1)), NOW.plus(Duration.ofDays(1)));
        NSECRecord below = new NSECRecord(
                SignedTree.name("a.sub.example."), DClass.IN, 60, SignedTree.name("sub.example."), new int[] {
                    Type.A, Type.NSEC, Type.RRSIG
                });
        for (int code : new int[] {Rcode.NOERROR, Rcode.NXDOMAIN}) {
            List<UnaryOperator<Message>> forgers = List.of(
                    message -> denied(message, code),
                    message -> denied(message, code, authority("plain.")),
                    message -> denied(message, code, authority("sub.example.")),
                    message -> denied(message, code, authority("example.")),
                    message -> denied(message, code, authority(".")),
                    message -> denied(message, code, authority("_25._tcp.mx.example.")),
                    message -> denied(message, code, authority("plain."), elsewhere, signature),
                    message -> denied(message, code, authority("plain."), authority("example.")),
                    message -> denied(message, code, authority("sub.example."), below),
                    message -> {
                        // the true start of authority, and no proof
                        Message denial = tree.answer(
                                Message.newQuery(Record.newRecord(SignedTree.name("example."), Type.AAAA, DClass.IN)));
                        return denied(
                                message,
                                code,
                                denial.getSection(Section.AUTHORITY).stream()
                                        .filter(record -> record instanceof SOARecord
                                                || (record instanceof RRSIGRecord rrsig
                                                        && rrsig.getTypeCovered() == Type.SOA))
                                        .toArray(Record[]::new));
                    },
                    message -> {
                        // the true proof that another name has nothing
                        Message denial = tree.answer(
                                Message.newQuery(Record.newRecord(SignedTree.name("example."), Type.AAAA, DClass.IN)));
                        return denied(
                                message,
                                code,
                                denial.getSection(Section.AUTHORITY).toArray(Record[]::new));
                    });
            for (UnaryOperator<Message> forger : forgers) {
                assertThat(verdict(ask(
                                "_25._tcp.mx.example",
                                RecordType.TLSA,
                                forging("_25._tcp.mx.example.", Type.TLSA, forger))))
                        .isEqualTo("bogus");
            }
        }
    }

    @Test
    void whatNobodySignsIsTakenAsItComes() throws IOException {
        assertThat(verdict(ask(
                        "host.plain",
                        RecordType.AAAA,
                        forging("host.plain.", Type.AAAA, message -> denied(message, Rcode.NOERROR)))))
                .isEqualTo("no data insecure");
        assertThat(verdict(ask("host.plain", RecordType.A, forging("host.plain.", Type.A, message -> {
                    message.addRecord(authority("other.plain."), Section.AUTHORITY);
                    message.addRecord(address("mx.example."), Section.ANSWER);
                    return message;
                }))))
                .isEqualTo("found insecure");
    }

    @Test
    void strippedDelegationsAreBogus() throws IOException {
        for (UnaryOperator<Message> forger : List.<UnaryOperator<Message>>of(
                message -> denied(message, Rcode.NOERROR),
                message -> denied(message, Rcode.NOERROR, authority(".")),
                message -> denied(message, Rcode.NXDOMAIN, authority(".")),
                message -> SignedTree.without(message, RRSIGRecord.class::isInstance))) {
            assertThat(verdict(ask("mx.example", RecordType.A, forging("example.", Type.DS, forger))))
                    .isEqualTo("bogus");
            assertThat(verdict(ask("nobody.example", RecordType.A, forging("example.", Type.DS, forger))))
                    .isEqualTo("bogus");
        }
        for (UnaryOperator<Message> forger : List.<UnaryOperator<Message>>of(
                message -> denied(message, Rcode.NOERROR),
                message -> SignedTree.without(message, RRSIGRecord.class::isInstance),
                message -> forged(
                        message,
                        SignedTree.SigningKey.make(SignedTree.name("example."), 0x0101)
                                .record()))) {
            assertThat(verdict(ask("mx.example", RecordType.A, forging("example.", Type.DNSKEY, forger))))
                    .isEqualTo("bogus");
        }
    }

    /// The library goes on without what it could not ask in places: that must not become "nobody signs it".
    @ParameterizedTest
    @ValueSource(strings = {"mx.example", "example", "nobody.example", "alias.example", "nowhere.example"})
    void whatCannotBeAskedOnTheWayIsAFailure(String name) throws IOException {
        for (int type : new int[] {Type.DS, Type.DNSKEY}) {
            Way failing = forging("example.", type, message -> {
                message.getHeader().setRcode(Rcode.SERVFAIL);
                return message;
            });
            assertThat(verdict(ask(name, RecordType.A, failing)))
                    .startsWith("failed: ")
                    .contains("answered SERVFAIL for " + Type.string(type) + " example");
        }
    }

    @Test
    void signaturesOfAnotherTimeAreBogus() throws IOException {
        for (Duration off : List.of(Duration.ofDays(30), Duration.ofDays(-30))) {
            SignedTree other = new SignedTree(NOW.plus(off))
                    .zone(".", new SignedTree.Signing.Plain(), "")
                    .zone("example.", new SignedTree.Signing.Plain(), SECURE);
            assertThat(verdict(ask(other, other.anchor("."), "mx.example", RecordType.A, ValidationTest::honest)))
                    .isEqualTo("bogus");
        }
    }

    @Test
    void signatureSetsForHowLongAnAnswerIsKept() throws IOException {
        SignedTree shortly = new SignedTree(NOW.minus(Duration.ofDays(10)).plus(Duration.ofMinutes(10)))
                .zone(".", new SignedTree.Signing.Plain(), "")
                .zone("example.", new SignedTree.Signing.Plain(), SECURE);
        assertThat(ask(shortly, shortly.anchor("."), "mx.example", RecordType.A, ValidationTest::honest))
                .isInstanceOfSatisfying(
                        DnsAnswer.Found.class, found -> assertThat(found.ttl()).isEqualTo(Duration.ofMinutes(10)));
        assertThat(ask(shortly, shortly.anchor("."), "nobody.example", RecordType.A, ValidationTest::honest))
                .isInstanceOfSatisfying(
                        DnsAnswer.NoDomain.class, none -> assertThat(none.ttl()).isEqualTo(Duration.ofMinutes(10)));
    }

    /// RFC 9276 §3.2
    @Test
    void proofsOfManyIterationsProveNothing() throws IOException {
        for (int iterations : new int[] {Validator.MOST_ITERATIONS, Validator.MOST_ITERATIONS + 1, 2000}) {
            SignedTree hashed = new SignedTree(NOW)
                    .zone(".", new SignedTree.Signing.Plain(), "")
                    .zone("example.", new SignedTree.Signing.Hashed(iterations), SECURE);
            String verdict =
                    verdict(ask(hashed, hashed.anchor("."), "nobody.example", RecordType.A, ValidationTest::honest));
            assertThat(verdict)
                    .isEqualTo(iterations > Validator.MOST_ITERATIONS ? "no domain insecure" : "no domain secure");
            assertThat(verdict(ask(hashed, hashed.anchor("."), "mx.example", RecordType.A, ValidationTest::honest)))
                    .isEqualTo("found secure");
        }
    }

    @Test
    void keysAreAskedForOnce() throws Exception {
        try (ScriptedServer server = server(tree, ValidationTest::honest);
                DnsClient client = server.resolver(tree.anchor("."), NOW)) {
            client.resolve(DomainName.of("mx.example"), RecordType.A);
            int first = server.questions(1).size();
            client.resolve(DomainName.of("example"), RecordType.MX);
            assertThat(server.questions(1)).hasSize(first + 1);
        }
    }

    /// Whoever takes the signatures away sends us down from label to label.
    @Test
    void longNameLeadsToABoundedNumberOfQuestions() throws Exception {
        String deep = "a.".repeat(110) + "example";
        SignedTree reaching = new SignedTree(NOW)
                .zone(".", new SignedTree.Signing.Plain(), "")
                .zone("example.", new SignedTree.Signing.Plain(), deep + ". 3600 IN A 192.0.2.1\n");
        Way stripping =
                forging(deep + ".", Type.A, message -> SignedTree.without(message, RRSIGRecord.class::isInstance));
        try (ScriptedServer server = server(reaching, stripping);
                DnsClient client = server.resolver(reaching.anchor("."), NOW)) {
            verdict(
                    client.resolve(DomainName.of(deep), RecordType.A),
                    "takes more than " + Errand.MOST_QUESTIONS + " questions");
            assertThat(server.questions(1)).hasSize(1 + Errand.MOST_QUESTIONS);
        }
    }

    /// Keys that have the tag of another: to swap two pairs of octets does not change it (RFC 4034 appendix B).
    private static Record[] namesakes(DNSKEYRecord key, int count) {
        Record[] keys = new Record[count];
        for (int i = 0; i < count; i++) {
            byte[] octets = key.getKey().clone();
            for (int octet = 0; octet < 2; octet++) {
                byte kept = octets[2 * i + octet];
                octets[2 * i + octet] = octets[2 * i + 2 + octet];
                octets[2 * i + 2 + octet] = kept;
            }
            keys[i] = new DNSKEYRecord(
                    key.getName(), DClass.IN, 3600, key.getFlags(), key.getProtocol(), key.getAlgorithm(), octets);
            assertThat(((DNSKEYRecord) keys[i]).getFootprint()).isEqualTo(key.getFootprint());
        }
        return keys;
    }

    /// CVE-2023-50387 (KeyTrap)
    @Test
    void zoneThatCostsMoreThanAnyHonestOneIsNotChecked() throws IOException {
        DNSKEYRecord key = tree.key("example.").record();
        verdict(
                ask(
                        "mx.example",
                        RecordType.A,
                        forging(
                                "example.",
                                Type.DNSKEY,
                                message -> added(message, namesakes(key, Excess.MOST_NAMESAKES)))),
                "the answer to DNSKEY example has more than 4 keys with the same tag");
        Record[] keys = IntStream.rangeClosed(0, Excess.MOST_KEYS)
                .mapToObj(i -> SignedTree.SigningKey.make(key.getName(), 0x0101).record())
                .toArray(Record[]::new);
        verdict(
                ask("mx.example", RecordType.A, forging("example.", Type.DNSKEY, message -> added(message, keys))),
                "more than 32 keys");
        Record[] signatures = IntStream.range(0, Excess.MOST_SIGNATURES)
                .mapToObj(
                        i -> tree.key("example.").sign(new RRset(address("mx.example.")), NOW, NOW.plusSeconds(60 + i)))
                .toArray(Record[]::new);
        assertThat(Excess.of(added(new Message(), signatures))).isEmpty();
        assertThat(Excess.of(added(new Message(), concat(signatures[0], signatures))))
                .contains("more than 64 signatures");
        Record[] few = Arrays.copyOf(signatures, 20);
        assertThat(verdict(ask(
                        "mx.example",
                        RecordType.A,
                        forging(
                                "mx.example.",
                                Type.A,
                                message -> forged(
                                        message,
                                        concat(
                                                new ARecord(SignedTree.name("mx.example."), DClass.IN, 60, new byte[] {
                                                    1, 2, 3, 4
                                                }),
                                                few))))))
                .isEqualTo("bogus");
        Record[] proofs = IntStream.rangeClosed(0, Excess.MOST_PROOFS)
                .mapToObj(i -> new NSECRecord(
                        SignedTree.name("a" + i + ".example."),
                        DClass.IN,
                        60,
                        SignedTree.name("b.example."),
                        new int[] {Type.A}))
                .toArray(Record[]::new);
        verdict(
                ask(
                        "nobody.example",
                        RecordType.A,
                        forging("nobody.example.", Type.A, message -> denied(message, Rcode.NXDOMAIN, proofs))),
                "more than 32 proofs of absence");
    }

    private static Record[] concat(Record first, Record... others) {
        return Stream.concat(Stream.of(first), Stream.of(others)).toArray(Record[]::new);
    }

    private static Message added(Message message, Record... records) {
        for (Record record : records) {
            message.addRecord(record, Section.ANSWER);
        }
        return message;
    }

    @Test
    void whoeverWaitsCanBeInterrupted() throws Exception {
        try (ScriptedServer server = new ScriptedServer((number, asked, self) -> {
                    if (number < 3) {
                        self.reply(asked, tree.answer(asked.message()));
                    }
                });
                DnsClient client = server.resolver(tree.anchor("."), NOW)) {
            List<DnsAnswer<?>> answers = new CopyOnWriteArrayList<>();
            Thread asker = Thread.startVirtualThread(
                    () -> answers.add(client.resolve(DomainName.of("mx.example"), RecordType.A)));
            server.questions(3);
            asker.interrupt();
            asker.join();
            assertThat(answers)
                    .singleElement()
                    .isInstanceOfSatisfying(
                            DnsAnswer.Failed.class,
                            failed -> assertThat(failed.why()).contains("interrupted"));
        }
    }

    @Test
    void failureSaysWhy() throws IOException {
        verdict(
                ask(
                        "mx.example",
                        RecordType.A,
                        forging("mx.example.", Type.A, message -> forged(message, address("mx.example.")))),
                "the answer to A mx.example is bogus: Could not validate");
    }
}
