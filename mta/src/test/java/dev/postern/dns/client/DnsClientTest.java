package dev.postern.dns.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.dns.DnsAnswer;
import dev.postern.dns.DomainName;
import dev.postern.dns.IpText;
import dev.postern.dns.MxRecord;
import dev.postern.dns.RecordType;
import dev.postern.dns.Resolver;
import dev.postern.dns.ResolverContract;
import dev.postern.dns.Zone;
import dev.postern.wire.Endpoint;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;

@Timeout(60)
class DnsClientTest extends ResolverContract {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(150);
    private static final DomainName NAME = DomainName.of("a.example");
    /// Where the time to live stands in a message that ends with an address record: before its length and its address.
    private static final int TTL_FROM_END = 4 + 2 + 4;

    private static final CacheSettings NO_CACHE =
            new CacheSettings(0, Duration.ZERO, Duration.ofDays(1), Duration.ofDays(1), Duration.ZERO);

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    @AfterEach
    void closeAll() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
        threads.shutdown();
        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }

    private <T extends AutoCloseable> T kept(T resource) {
        open.push(resource);
        return resource;
    }

    @Override
    protected Resolver resolver(String masterFile) {
        return client(List.of(zoneServer(masterFile).endpoint()), LONG, 1);
    }

    private ZoneServer zoneServer(String masterFile) {
        try {
            return kept(ZoneServer.open(Zone.of(masterFile), InetAddress.getLoopbackAddress(), 0, threads));
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private ScriptedServer scripted(ScriptedServer.Script script) throws IOException {
        return kept(new ScriptedServer(script));
    }

    private DnsClient client(List<Endpoint.Inet> servers, Duration perTry, int tries) {
        return kept(new DnsClient(DnsSettings.of(servers).patient(perTry, tries), InstantSource.system()));
    }

    private DnsClient client(ScriptedServer server, Duration perTry, int tries) {
        return client(List.of(server.endpoint()), perTry, tries);
    }

    private static Name name(String text) {
        return Names.of(DomainName.of(text));
    }

    private static Record address(Name owner, String address) {
        return new ARecord(owner, DClass.IN, 60, IpText.ip4(address).orElseThrow());
    }

    /// The answer with one address for whatever name was asked for.
    private static Message found(ScriptedServer.Asked asked) {
        Message answer = asked.answer();
        answer.addRecord(address(asked.message().getQuestion().getName(), "192.0.2.1"), Section.ANSWER);
        return answer;
    }

    private static String why(DnsAnswer<?> answer) {
        assertThat(answer).isInstanceOf(DnsAnswer.Failed.class);
        return ((DnsAnswer.Failed<?>) answer).why();
    }

    @Test
    void lostQuestionIsAskedAgain() throws Exception {
        ScriptedServer server = scripted((number, asked, self) -> {
            if (number > 1) {
                self.reply(asked, found(asked));
            }
        });
        assertThat(client(server, Duration.ofMillis(500), 10).resolve(NAME, RecordType.A))
                .isInstanceOf(DnsAnswer.Found.class);
        assertThat(server.questions(2)).hasSizeGreaterThanOrEqualTo(2);
    }

    @Test
    void silentServerIsFollowedByTheNextAndAskedAfterItFromThenOn() throws Exception {
        ScriptedServer silent = scripted((number, asked, self) -> {});
        ScriptedServer lively = scripted((number, asked, self) -> self.reply(asked, found(asked)));
        DnsClient client = client(List.of(silent.endpoint(), lively.endpoint()), Duration.ofSeconds(2), 1);
        for (int i = 0; i < 5; i++) {
            assertThat(client.resolve(DomainName.of("n" + i + ".example"), RecordType.A))
                    .isInstanceOf(DnsAnswer.Found.class);
        }
        assertThat(silent.questions(1)).containsExactly("n0.example");
        assertThat(lively.questions(5)).hasSize(5);
    }

    @Test
    void closedPortIsFollowedByTheNextServer() throws Exception {
        Endpoint.Inet nobody;
        try (ScriptedServer gone = new ScriptedServer((number, asked, self) -> {})) {
            nobody = gone.endpoint();
        }
        ScriptedServer lively = scripted((number, asked, self) -> self.reply(asked, found(asked)));
        assertThat(client(List.of(nobody, lively.endpoint()), Duration.ofSeconds(5), 1)
                        .resolve(NAME, RecordType.A))
                .isInstanceOf(DnsAnswer.Found.class);
        assertThat(why(client(List.of(nobody), Duration.ofSeconds(5), 1).resolve(NAME, RecordType.A)))
                .startsWith(nobody + " cannot be asked: nobody listens there");
    }

    @Test
    void silenceFailsWithASentence() throws Exception {
        ScriptedServer silent = scripted((number, asked, self) -> {});
        assertThat(why(client(silent, SHORT, 2).resolve(NAME, RecordType.A)))
                .isEqualTo(silent.endpoint() + " did not answer within 150 ms");
        assertThat(silent.questions(2)).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"SERVFAIL", "REFUSED", "FORMERR", "NOTIMP", "NOTAUTH"})
    void refusalSendsTheQuestionToTheNextServerAndIsToldAtLast(String code) throws Exception {
        ScriptedServer.Script refuse = (number, asked, self) -> {
            Message answer = asked.answer();
            answer.getHeader().setRcode(Rcode.value(code));
            self.reply(asked, answer);
        };
        ScriptedServer first = scripted(refuse);
        ScriptedServer second = scripted(refuse);
        assertThat(why(client(List.of(first.endpoint(), second.endpoint()), LONG, 3)
                        .resolve(NAME, RecordType.A)))
                .isEqualTo(first.endpoint() + " answered " + code + " for A a.example; " + second.endpoint()
                        + " answered " + code + " for A a.example");
        assertThat(first.questions(1)).hasSize(1);
        assertThat(second.questions(1)).hasSize(1);
    }

    @Test
    void extendedErrorIsTold() throws Exception {
        ScriptedServer server = scripted((number, asked, self) -> {
            Message answer = asked.answer();
            answer.getHeader().setRcode(Rcode.SERVFAIL);
            answer.addRecord(
                    new OPTRecord(
                            1232,
                            0,
                            0,
                            0,
                            new ExtendedErrorCodeOption(ExtendedErrorCodeOption.DNSSEC_BOGUS, "evil\r\n")),
                    Section.ADDITIONAL);
            self.reply(asked, answer);
        });
        assertThat(why(client(server, LONG, 1).resolve(NAME, RecordType.TLSA)))
                .contains("answered SERVFAIL (DNSSEC")
                .doesNotContain("evil");
    }

    @Test
    void answerToAnotherQuestionIsIgnored() throws Exception {
        ScriptedServer server = scripted((number, asked, self) -> {
            Message wrongId = found(asked);
            wrongId.getHeader().setID(asked.message().getHeader().getID() ^ 1);
            wrongId.addRecord(address(asked.message().getQuestion().getName(), "198.51.100.66"), Section.ANSWER);
            self.reply(asked, wrongId);
            Message wrongName = new Message(asked.message().getHeader().getID());
            wrongName.getHeader().setFlag(Flags.QR);
            wrongName.addRecord(
                    Record.newRecord(
                            name("b.example"), asked.message().getQuestion().getType(), DClass.IN),
                    Section.QUESTION);
            wrongName.addRecord(address(name("a.example"), "198.51.100.66"), Section.ANSWER);
            self.reply(asked, wrongName);
            self.reply(asked, asked.message());
            self.reply(asked, new byte[0]);
            self.reply(asked, new byte[] {1, 2, 3});
            self.reply(asked, found(asked));
        });
        assertThat(client(server, LONG, 1).resolve(NAME, RecordType.A).recordsOrNone())
                .containsExactly(IpText.ip4("192.0.2.1").orElseThrow());
    }

    @Test
    void answerFromSomewhereElseIsIgnored() throws Exception {
        ScriptedServer server = scripted((number, asked, self) -> {
            Message forged = asked.answer();
            forged.addRecord(address(asked.message().getQuestion().getName(), "198.51.100.66"), Section.ANSWER);
            byte[] octets = forged.toWire();
            try (DatagramSocket forger = new DatagramSocket()) {
                forger.send(new DatagramPacket(octets, octets.length, asked.from()));
            }
            self.reply(asked, found(asked));
        });
        assertThat(client(server, LONG, 1).resolve(NAME, RecordType.A).recordsOrNone())
                .containsExactly(IpText.ip4("192.0.2.1").orElseThrow());
    }

    @Test
    void recordsThatNobodyAskedForAreNotBelieved() throws Exception {
        ScriptedServer server = scripted((number, asked, self) -> {
            Message answer = asked.answer();
            answer.addRecord(address(name("other.example"), "198.51.100.66"), Section.ANSWER);
            answer.addRecord(address(name("a.example"), "198.51.100.66"), Section.ADDITIONAL);
            answer.addRecord(address(name("a.example"), "198.51.100.66"), Section.AUTHORITY);
            answer.addRecord(
                    new ARecord(
                            name("a.example"),
                            DClass.CH,
                            60,
                            IpText.ip4("198.51.100.66").orElseThrow()),
                    Section.ANSWER);
            self.reply(asked, answer);
        });
        assertThat(client(server, LONG, 1).resolve(NAME, RecordType.A)).isInstanceOf(DnsAnswer.NoData.class);
    }

    @Test
    void brokenAnswerFailsWithASentence() throws Exception {
        ScriptedServer server = scripted((number, asked, self) -> {
            byte[] octets = found(asked).toWire();
            self.reply(asked, Arrays.copyOf(octets, octets.length - 3));
        });
        assertThat(why(client(server, LONG, 1).resolve(NAME, RecordType.A))).endsWith("of no use: it cannot be read");
    }

    @Test
    void aliasesAreFollowedThroughAServerThatTellsOneAtATime() throws Exception {
        ScriptedServer server = scripted((number, asked, self) -> {
            Name owner = asked.message().getQuestion().getName();
            Message answer = asked.answer();
            if (number < 4) {
                answer.addRecord(
                        new CNAMERecord(owner, DClass.IN, 60, name("step" + number + ".example")), Section.ANSWER);
            } else {
                answer.addRecord(address(owner, "192.0.2.1"), Section.ANSWER);
            }
            self.reply(asked, answer);
        });
        assertThat(client(server, LONG, 1).resolve(NAME, RecordType.A))
                .isInstanceOfSatisfying(
                        DnsAnswer.Found.class,
                        found -> assertThat(found.canonical()).isEqualTo(DomainName.of("step3.example")));
        assertThat(server.questions(4)).containsExactly("a.example", "step1.example", "step2.example", "step3.example");
    }

    @Test
    void endlessAliasesOneAtATimeFail() throws Exception {
        ScriptedServer server = scripted((number, asked, self) -> {
            Message answer = asked.answer();
            answer.addRecord(
                    new CNAMERecord(
                            asked.message().getQuestion().getName(), DClass.IN, 60, name("step" + number + ".example")),
                    Section.ANSWER);
            self.reply(asked, answer);
        });
        assertThat(why(client(server, LONG, 1).resolve(NAME, RecordType.A))).contains("more than 16 aliases");
        assertThat(server.questions(17)).hasSize(17);
    }

    @Test
    void aliasOfAnImpossibleNameFails() throws Exception {
        ScriptedServer server = scripted((number, asked, self) -> {
            Message answer = asked.answer();
            answer.addRecord(
                    new CNAMERecord(
                            asked.message().getQuestion().getName(), DClass.IN, 60, new Name("odd\\032name.example.")),
                    Section.ANSWER);
            self.reply(asked, answer);
        });
        assertThat(why(client(server, LONG, 1).resolve(NAME, RecordType.A))).contains("cannot be asked for");
    }

    @Test
    void exchangersWithImpossibleNamesAreLeftOutAndAloneAreAFailure() throws Exception {
        ScriptedServer server = scripted((number, asked, self) -> {
            Message answer = asked.answer();
            Name owner = asked.message().getQuestion().getName();
            answer.addRecord(new MXRecord(owner, DClass.IN, 60, 10, new Name("bad\\010name.example.")), Section.ANSWER);
            if (owner.equals(name("some.example"))) {
                answer.addRecord(new MXRecord(owner, DClass.IN, 60, 20, name("mx.example")), Section.ANSWER);
            }
            self.reply(asked, answer);
        });
        DnsClient client = client(server, LONG, 1);
        assertThat(client.resolve(DomainName.of("some.example"), RecordType.MX).recordsOrNone())
                .containsExactly(MxRecord.of(20, "mx.example"));
        assertThat(why(client.resolve(DomainName.of("none.example"), RecordType.MX)))
                .contains("hold nothing that can be used");
    }

    @Test
    void authenticityIsOnlyBelievedWhereTrusted() {
        ZoneServer server = zoneServer("$AUTHENTIC yes\na.example. A 192.0.2.1\n");
        for (boolean trusted : List.of(true, false)) {
            DnsClient client = kept(new DnsClient(
                    new DnsSettings(
                            List.of(server.endpoint()),
                            LONG,
                            1,
                            128,
                            trusted ? new Validation.ByServers() : new Validation.Off(),
                            CacheSettings.usual()),
                    InstantSource.system()));
            assertThat(client.resolve(NAME, RecordType.A))
                    .isInstanceOfSatisfying(
                            DnsAnswer.Found.class,
                            found -> assertThat(found.authentic()).isEqualTo(trusted));
            assertThat(client.resolve(DomainName.of("b.a.example"), RecordType.A))
                    .isInstanceOfSatisfying(
                            DnsAnswer.NoDomain.class,
                            none -> assertThat(none.authentic()).isEqualTo(trusted));
        }
    }

    private record Aged(DnsClient client, ScriptedServer server, AtomicLong nanos) {
        void pass(Duration time) {
            nanos.addAndGet(time.toNanos());
        }
    }

    private Aged aged(ScriptedServer.Script script) throws IOException {
        ScriptedServer server = scripted(script);
        AtomicLong nanos = new AtomicLong(1);
        return new Aged(
                kept(new DnsClient(
                        DnsSettings.of(List.of(server.endpoint())).patient(LONG, 1),
                        InstantSource.system(),
                        nanos::get)),
                server,
                nanos);
    }

    @Test
    void answerIsKeptForItsTimeToLive() throws Exception {
        Aged aged = aged((number, asked, self) -> self.reply(asked, found(asked)));
        aged.client().resolve(NAME, RecordType.A);
        aged.pass(Duration.ofSeconds(59));
        assertThat(aged.client().resolve(NAME, RecordType.A))
                .isInstanceOfSatisfying(
                        DnsAnswer.Found.class, found -> assertThat(found.ttl()).isEqualTo(Duration.ofSeconds(1)));
        assertThat(aged.server().questions(1)).hasSize(1);
        aged.client().resolve(NAME, RecordType.AAAA);
        assertThat(aged.server().questions(2)).hasSize(2);
        aged.pass(Duration.ofSeconds(1));
        assertThat(aged.client().resolve(NAME, RecordType.A)).isInstanceOf(DnsAnswer.Found.class);
        assertThat(aged.server().questions(3)).hasSize(3);
    }

    @Test
    void nothingIsKeptForTheTimeThatItsAuthorityTells() throws Exception {
        Aged aged = aged((number, asked, self) -> {
            Message answer = asked.answer();
            answer.getHeader().setRcode(Rcode.NXDOMAIN);
            answer.addRecord(
                    new SOARecord(name("example"), DClass.IN, 300, Name.root, Name.root, 1, 1, 1, 1, 40),
                    Section.AUTHORITY);
            self.reply(asked, answer);
        });
        aged.client().resolve(NAME, RecordType.A);
        aged.pass(Duration.ofSeconds(39));
        assertThat(aged.client().resolve(NAME, RecordType.A))
                .isEqualTo(new DnsAnswer.NoDomain<>(Duration.ofSeconds(1), false));
        aged.pass(Duration.ofSeconds(1));
        aged.client().resolve(NAME, RecordType.A);
        assertThat(aged.server().questions(2)).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"0, 5", "4294967295, 5", "2147483647, 86400"})
    void timeToLiveIsKeptWithinBounds(long ttl, long kept) throws Exception {
        Aged aged = aged((number, asked, self) -> {
            ByteBuffer answer = ByteBuffer.wrap(found(asked).toWire());
            answer.putInt(answer.capacity() - TTL_FROM_END, (int) ttl);
            self.reply(asked, answer.array());
        });
        aged.client().resolve(NAME, RecordType.A);
        aged.pass(Duration.ofSeconds(kept).minusNanos(1));
        aged.client().resolve(NAME, RecordType.A);
        assertThat(aged.server().questions(1)).hasSize(1);
        aged.pass(Duration.ofNanos(1));
        aged.client().resolve(NAME, RecordType.A);
        assertThat(aged.server().questions(2)).hasSize(2);
    }

    @Test
    void failureIsKeptForASecondOnly() throws Exception {
        Aged aged = aged((number, asked, self) -> {
            Message answer = asked.answer();
            answer.getHeader().setRcode(Rcode.SERVFAIL);
            self.reply(asked, answer);
        });
        aged.client().resolve(NAME, RecordType.A);
        aged.client().resolve(NAME, RecordType.A);
        assertThat(aged.server().questions(1)).hasSize(1);
        aged.pass(Duration.ofSeconds(1));
        aged.client().resolve(NAME, RecordType.A);
        assertThat(aged.server().questions(2)).hasSize(2);
    }

    @Test
    void cacheIsBoundedByItsMemory() throws Exception {
        ScriptedServer server = scripted((number, asked, self) -> self.reply(asked, found(asked)));
        DnsClient client = kept(new DnsClient(
                new DnsSettings(
                        List.of(server.endpoint()),
                        LONG,
                        1,
                        128,
                        new Validation.Off(),
                        new CacheSettings(
                                10_000, Duration.ofHours(1), Duration.ofDays(1), Duration.ofDays(1), Duration.ZERO)),
                InstantSource.system()));
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 200; i++) {
                client.resolve(DomainName.of("n" + i + ".example"), RecordType.A);
            }
        }
        assertThat(server.questions(300)).hasSizeGreaterThan(300);
    }

    @Test
    void sameQuestionOfManyThreadsIsAskedOnce() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        ScriptedServer server = scripted((number, question, self) -> {
            asked.countDown();
            threads.execute(() -> {
                try {
                    answer.await();
                    self.reply(question, found(question));
                } catch (IOException | InterruptedException lost) {
                    throw new IllegalStateException(lost);
                }
            });
        });
        DnsClient client = client(server, LONG, 1);
        CountDownLatch ready = new CountDownLatch(50);
        List<Future<DnsAnswer<Inet4Address>>> answers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            answers.add(threads.submit(() -> {
                ready.countDown();
                return client.resolve(NAME, RecordType.A);
            }));
        }
        ready.await();
        asked.await();
        answer.countDown();
        for (Future<DnsAnswer<Inet4Address>> one : answers) {
            assertThat(one.get()).isInstanceOf(DnsAnswer.Found.class);
        }
        assertThat(server.questions(1)).hasSize(1);
    }

    @Test
    void interruptedThreadFailsAndTheOnesThatWaitedForItAskThemselves() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        ScriptedServer server = scripted((number, question, self) -> {
            if (number == 1) {
                asked.countDown();
            } else {
                self.reply(question, found(question));
            }
        });
        DnsClient client = client(server, LONG, 1);
        CompletableFuture<String> interrupted = new CompletableFuture<>();
        Thread first = Thread.ofVirtual().start(() -> {
            String why = why(client.resolve(NAME, RecordType.A));
            interrupted.complete(why + " " + Thread.currentThread().isInterrupted());
        });
        asked.await();
        Future<DnsAnswer<Inet4Address>> second = threads.submit(() -> client.resolve(NAME, RecordType.A));
        first.interrupt();
        assertThat(interrupted.get()).isEqualTo("the thread that asked was interrupted true");
        assertThat(second.get()).isInstanceOf(DnsAnswer.Found.class);
        assertThat(server.questions(2)).hasSize(2);
    }

    @Test
    void serverNeverHasMoreQuestionsThanAllowed() throws Exception {
        int cap = 4;
        int total = 200;
        AtomicInteger most = new AtomicInteger();
        List<ScriptedServer.Asked> waiting = new ArrayList<>();
        ScriptedServer server = scripted((number, asked, self) -> {
            waiting.add(asked);
            most.accumulateAndGet(waiting.size(), Math::max);
            if (waiting.size() == cap) {
                for (ScriptedServer.Asked one : waiting) {
                    self.reply(one, found(one));
                }
                waiting.clear();
            }
        });
        DnsClient client = kept(new DnsClient(
                new DnsSettings(List.of(server.endpoint()), LONG, 1, cap, new Validation.Off(), CacheSettings.usual()),
                InstantSource.system()));
        assertThat(allFound(client, total)).isEqualTo(total);
        assertThat(most).hasValue(cap);
        assertThat(server.questions(total)).hasSize(total);
    }

    @Test
    void fiveHundredQuestionsAtOnceAreAllAnswered() throws Exception {
        StringBuilder zone = new StringBuilder();
        IntStream.range(0, 500).forEach(i -> zone.append("n%d.example. A 192.0.2.1\n".formatted(i)));
        assertThat(allFound(client(List.of(zoneServer(zone.toString()).endpoint()), LONG, 2), 500))
                .isEqualTo(500);
    }

    private int allFound(DnsClient client, int total) throws Exception {
        List<Future<DnsAnswer<Inet4Address>>> answers = new ArrayList<>();
        for (int i = 0; i < total; i++) {
            DomainName name = DomainName.of("n" + i + ".example");
            answers.add(threads.submit(() -> client.resolve(name, RecordType.A)));
        }
        int found = 0;
        for (Future<DnsAnswer<Inet4Address>> answer : answers) {
            found += answer.get() instanceof DnsAnswer.Found ? 1 : 0;
        }
        return found;
    }

    @Test
    void closingEndsTheQuestionUnderWayAndAllLaterOnes() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        ScriptedServer server = scripted((number, question, self) -> asked.countDown());
        DnsClient client = client(server, Duration.ofMinutes(10), 1);
        Future<DnsAnswer<Inet4Address>> answer = threads.submit(() -> client.resolve(NAME, RecordType.A));
        asked.await();
        client.close();
        assertThat(answer.get()).isInstanceOf(DnsAnswer.Failed.class);
        assertThat(why(client.resolve(NAME, RecordType.A))).isEqualTo("the resolver is closed");
        assertThat(server.questions(1)).hasSize(1);
    }

    @Test
    void noThreadIsStarted() {
        zoneServer("a.example. A 192.0.2.1");
        resolver("a.example. A 192.0.2.1").resolve(NAME, RecordType.A);
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(thread -> thread.toLowerCase(Locale.ROOT).contains("dnsjava"));
    }

    @Test
    void withoutACacheEveryQuestionIsAsked() throws Exception {
        ScriptedServer server = scripted((number, asked, self) -> self.reply(asked, found(asked)));
        DnsClient client = kept(new DnsClient(
                new DnsSettings(List.of(server.endpoint()), LONG, 1, 1, new Validation.Off(), NO_CACHE),
                InstantSource.system()));
        client.resolve(NAME, RecordType.A);
        client.resolve(NAME, RecordType.A);
        assertThat(server.questions(2)).hasSize(2);
    }

    @Test
    void settingsOutOfBoundsAreRefused() {
        assertThatThrownBy(() -> DnsSettings.of(List.of())).isInstanceOf(IllegalArgumentException.class);
        DnsSettings some = DnsSettings.of(ResolvConf.parse(""));
        assertThatThrownBy(() -> some.patient(Duration.ZERO, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> some.patient(LONG, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new CacheSettings(1, LONG, SHORT, LONG, SHORT))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new CacheSettings(1, SHORT, LONG, LONG, LONG))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
