package dev.postern.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.SelfSigned;
import dev.postern.dns.DomainName;
import dev.postern.route.Route;
import dev.postern.route.SmarthostSettings;
import dev.postern.smtp.DeliverBy;
import dev.postern.smtp.FutureRelease;
import dev.postern.smtp.Handling;
import dev.postern.smtp.Host;
import dev.postern.smtp.MailParameters;
import dev.postern.smtp.Priority;
import dev.postern.smtp.Recipient;
import dev.postern.smtpclient.Encryption;
import dev.postern.smtpclient.FakeServer;
import dev.postern.smtpclient.LoopbackServer;
import dev.postern.smtpclient.SocketConnector;
import dev.postern.tls.ClientTls;
import dev.postern.tls.Providers;
import dev.postern.tls.ServerTls;
import dev.postern.tls.TlsProvider;
import dev.postern.tlspolicy.hops.HopPolicy;
import dev.postern.wire.Connection;
import dev.postern.wire.ConnectionWatch;
import dev.postern.wire.Deadline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SmtpTransportTest {
    private static final String ZONE = """
            $ORIGIN example.
            a      A  192.0.2.1
            b      A  192.0.2.2
            c      A  192.0.2.3
            smart  A  192.0.2.25
            one    MX 10 a
            three  MX 10 a
            three  MX 20 b
            three  MX 30 c
            null   MX 0 .
            broken SERVFAIL
            """;
    private static final String A = "192.0.2.1:25";
    private static final String B = "192.0.2.2:25";
    private static final String C = "192.0.2.3:25";
    private static final String SMART = "192.0.2.25:587";
    private static final Duration LONG = Duration.ofSeconds(20);

    private static Route.Mx to(String domain) {
        return new Route.Mx(new Host.Domain(DomainName.of(domain)), 25, false, Optional.empty());
    }

    private static SmarthostSettings smarthost(SmarthostSettings.Tls tls) {
        return new SmarthostSettings(
                "smart", new Host.Domain(DomainName.of("smart.example")), 587, tls, Optional.empty());
    }

    private static Route.Mx withFallback(String domain) {
        return new Route.Mx(
                new Host.Domain(DomainName.of(domain)),
                25,
                false,
                Optional.of(new Route.Smarthost(smarthost(SmarthostSettings.Tls.OPPORTUNISTIC))));
    }

    private static Consignment mail(Route route, String sender, String... recipients) {
        Mail mail = Mail.saying("Subject: x\r\n\r\nhello\r\n").from(Mail.mailbox(sender));
        for (String recipient : recipients) {
            mail.to(Recipient.of(Mail.mailbox(recipient)), route);
        }
        return mail.consignment();
    }

    private static Consignment mail(Route route) {
        return mail(route, "s@example.org", "r@three.example");
    }

    private static FakeServer server() {
        return new FakeServer(FakeServer.Behaviour.offering("PIPELINING"));
    }

    private static FakeServer failing(FakeServer.Fault fault, int at) {
        return new FakeServer(FakeServer.Behaviour.offering("PIPELINING").failing(fault, at));
    }

    private static FakeServer greeting(String line) {
        return new FakeServer(FakeServer.Behaviour.offering().greeting(line));
    }

    /// An outcome in a few words.
    static String words(DeliveryOutcome outcome) {
        return switch (outcome) {
            case DeliveryOutcome.Delivered d ->
                "delivered by " + d.remote().orElseThrow().host() + (d.handsOnReports() ? " dsn" : "");
            case DeliveryOutcome.Deferred d -> "deferred " + d.status() + " " + d.scope();
            case DeliveryOutcome.Failed f -> "failed " + f.status();
        };
    }

    private static List<String> carry(Internet internet, Consignment consignment) {
        try (Transport.Carriage carriage =
                internet.transport(SessionBounds.standard()).open()) {
            return words(carriage.carry(consignment));
        }
    }

    private static List<String> words(List<DeliveryOutcome> outcomes) {
        return outcomes.stream().map(SmtpTransportTest::words).toList();
    }

    @Test
    void allRecipientsGoInOneTransaction() {
        FakeServer a = server();
        Internet internet = new Internet(ZONE).with(A, a);
        assertThat(carry(
                        internet,
                        mail(
                                to("one.example"),
                                "s@example.org",
                                "p@one.example",
                                "q.r550@one.example",
                                "r@one.example")))
                .containsExactly("delivered by a.example", "failed 5.0.0", "delivered by a.example");
        assertThat(a.messages()).singleElement().satisfies(m -> {
            assertThat(m.recipients()).containsExactly("RCPT TO:<p@one.example>", "RCPT TO:<r@one.example>");
            assertThat(m.content()).isEqualTo(Mail.TRACE + "Subject: x\r\n\r\nhello\r\n");
        });
        assertThat(internet.open()).isZero();
    }

    @Test
    void whatTheServerSaidIsToldWithItsNameAndAddress() {
        Internet internet = new Internet(ZONE).with(A, server());
        try (Transport.Carriage carriage =
                internet.transport(SessionBounds.standard()).open()) {
            List<DeliveryOutcome> outcomes =
                    carriage.carry(mail(to("one.example"), "s@example.org", "p@one.example", "q.r550@one.example"));
            assertThat(outcomes.getFirst())
                    .isEqualTo(new DeliveryOutcome.Delivered(
                            "250 for the end",
                            Optional.of(new DeliveryOutcome.Remote(
                                    "a.example",
                                    A,
                                    "250 for the end",
                                    new DeliveryOutcome.Security(
                                            "none",
                                            "delivery.starttls: false; TLS a.example: none",
                                            Encryption.none()))),
                            false,
                            true));
            assertThat(outcomes.get(1)).isInstanceOfSatisfying(DeliveryOutcome.Failed.class, f -> {
                assertThat(f.why()).isEqualTo("a.example said in reply to RCPT TO: 550 for rcpt");
                assertThat(f.remote().orElseThrow().words()).isEqualTo("550 for rcpt");
            });
        }
    }

    @Test
    void aServerThatSpeaksDsnReportsItself() {
        Internet internet =
                new Internet(ZONE).with(A, new FakeServer(FakeServer.Behaviour.offering("PIPELINING", "DSN")));
        assertThat(carry(internet, mail(to("one.example")))).containsExactly("delivered by a.example dsn");
    }

    @Test
    void aHostThatCannotBeTalkedToGivesWayToTheNext() {
        List<FakeServer> unwilling = new ArrayList<>(
                List.of(greeting("554 5.7.1 no"), greeting("421 4.3.2 busy"), greeting("HTTP/1.1 400 Bad Request")));
        for (FakeServer.Fault fault : FakeServer.Fault.values()) {
            if (fault != FakeServer.Fault.SILENCE) {
                unwilling.add(failing(fault, 0));
                unwilling.add(failing(fault, 1));
            }
        }
        for (FakeServer bad : unwilling) {
            FakeServer good = server();
            Internet internet = new Internet(ZONE).with(A, bad).with(B, good);
            assertThat(carry(internet, mail(to("three.example")))).containsExactly("delivered by b.example");
            assertThat(internet.tried()).containsExactly(A, B);
            assertThat(internet.open()).isZero();
        }
    }

    @Test
    void aHostThatIsUnwillingOrLostBeforeTheMessageGivesWayToTheNext() {
        for (FakeServer.Fault fault : List.of(FakeServer.Fault.DROP, FakeServer.Fault.CLOSING, FakeServer.Fault.HALF)) {
            for (int at = 2; at < 5; at++) { // MAIL, RCPT, DATA
                Internet internet =
                        new Internet(ZONE).with(A, failing(fault, at)).with(B, server());
                assertThat(carry(internet, mail(to("three.example"))))
                        .as(fault + " at " + at)
                        .containsExactly("delivered by b.example");
            }
        }
        Internet internet = new Internet(ZONE)
                .with(A, new FakeServer(FakeServer.Behaviour.offering()))
                .with(B, new FakeServer(FakeServer.Behaviour.offering()));
        assertThat(carry(internet, mail(to("three.example"), "m451@example.org", "r@three.example")))
                .containsExactly("deferred 4.4.1 NEXT_HOP");
        assertThat(internet.tried()).containsExactly(A, B, C);
    }

    @ParameterizedTest
    @CsvSource({
        "m550@example.org, r@three.example, failed 5.0.0",
        "s@example.org, r550@three.example, failed 5.0.0",
        "s@example.org, r450@three.example, deferred 4.0.0 RECIPIENT",
        "d451@example.org, r@three.example, deferred 4.0.0 RECIPIENT",
        "d554@example.org, r@three.example, failed 5.0.0",
        "e451@example.org, r@three.example, deferred 4.0.0 RECIPIENT",
        "e554@example.org, r@three.example, failed 5.0.0",
    })
    void whatAServerSaysOfTheMessageIsFinalForTheAttempt(String sender, String recipient, String outcome) {
        Internet internet = new Internet(ZONE).with(A, server()).with(B, server());
        assertThat(carry(internet, mail(to("three.example"), sender, recipient)))
                .containsExactly(outcome);
        assertThat(internet.tried()).containsExactly(A);
    }

    @Test
    void aMessageThatMayHaveArrivedIsNotSentElsewhere() {
        Internet internet =
                new Internet(ZONE).with(A, failing(FakeServer.Fault.DROP, 5)).with(B, server());
        assertThat(carry(internet, mail(to("three.example")))).containsExactly("deferred 4.4.2 RECIPIENT");
        assertThat(internet.tried()).containsExactly(A);
    }

    @Test
    void whenNoHostCanBeTalkedToTheNextHopIsLeftAlone() {
        Internet internet = new Internet(ZONE);
        assertThat(carry(internet, mail(to("three.example"), "s@example.org", "p@three.example", "q@three.example")))
                .containsExactly("deferred 4.4.1 NEXT_HOP", "deferred 4.4.1 NEXT_HOP");
        assertThat(internet.tried()).containsExactly(A, B, C);
    }

    @Test
    void aGreetingThatRefusesForGoodIsNoReasonToReturnMailUnlessNoHostTakesAny() {
        assertThat(carry(new Internet(ZONE).with(A, greeting("554 5.7.1 no")), mail(to("one.example"))))
                .containsExactly("deferred 4.7.1 NEXT_HOP");
        assertThat(carry(new Internet(ZONE).with(A, greeting("521 5.3.2 no mail here")), mail(to("one.example"))))
                .containsExactly("failed 5.3.2");
        assertThat(carry(new Internet(ZONE).with(A, greeting("521 5.3.2 no mail here")), mail(to("three.example"))))
                .containsExactly("deferred 4.4.1 NEXT_HOP");
    }

    @Test
    void whatDnsSaysIsAnOutcome() {
        assertThat(carry(new Internet(ZONE), mail(to("null.example")))).containsExactly("failed 5.1.10");
        assertThat(carry(new Internet(ZONE), mail(to("missing.example")))).containsExactly("failed 5.1.2");
        Internet internet = new Internet(ZONE);
        assertThat(carry(internet, mail(to("broken.example")))).containsExactly("deferred 4.4.3 DOMAIN");
        assertThat(internet.tried()).isEmpty();
        assertThat(internet.events()).first().isInstanceOf(TransportEvent.LookedUp.class);
    }

    @Test
    void aHostThatCouldNotBeReachedIsTriedLastForAWhile() {
        Internet internet = new Internet(ZONE).with(B, server(), server(), server(), server());
        SmtpTransport transport = internet.transport(SessionBounds.standard());
        for (int i = 0; i < 2; i++) {
            try (Transport.Carriage carriage = transport.open()) {
                assertThat(words(carriage.carry(mail(to("three.example"))))).containsExactly("delivered by b.example");
            }
        }
        assertThat(internet.tried()).containsExactly(A, B, B);
        assertThat(internet.events().stream()
                        .filter(TransportEvent.LookedUp.class::isInstance)
                        .map(event -> ((TransportEvent.LookedUp) event).answers()))
                .hasSize(2)
                .last()
                .satisfies(answers -> assertThat(answers)
                        .containsEntry(A, "tried last: cannot connect: Connection refused, 0 s ago"));

        internet.clock.advance(Reachability.REMEMBERED);
        internet.with(A, server(), server());
        for (int i = 0; i < 2; i++) {
            try (Transport.Carriage carriage = transport.open()) {
                assertThat(words(carriage.carry(mail(to("three.example"))))).containsExactly("delivered by a.example");
            }
        }
        assertThat(internet.tried()).containsExactly(A, B, B, A, A);
    }

    @Test
    void noMoreHostsAreTriedThanAllowed() {
        Internet internet = new Internet(ZONE).with(C, server());
        SessionBounds bounds = new SessionBounds(100, LONG, LONG, 2, LONG);
        try (Transport.Carriage carriage = internet.transport(bounds).open()) {
            assertThat(words(carriage.carry(mail(to("three.example"))))).containsExactly("deferred 4.4.1 NEXT_HOP");
        }
        assertThat(internet.tried()).containsExactly(A, B);
    }

    @Test
    void theFirstHostIsTriedHoweverShortThePatience() {
        Internet internet = new Internet(ZONE).with(C, server());
        SessionBounds bounds = new SessionBounds(100, LONG, LONG, 10, Duration.ofNanos(1));
        try (Transport.Carriage carriage = internet.transport(bounds).open()) {
            assertThat(words(carriage.carry(mail(to("three.example"))))).containsExactly("deferred 4.4.1 NEXT_HOP");
        }
        assertThat(internet.tried()).containsExactly(A);
    }

    @Test
    void theFallbackTakesWhatNoExchangerCanBeConnectedFor() {
        FakeServer smart = server();
        Internet internet = new Internet(ZONE).with(SMART, smart);
        assertThat(carry(internet, mail(withFallback("three.example")))).containsExactly("delivered by smart.example");
        assertThat(internet.tried()).containsExactly(A, B, C, SMART);
    }

    @Test
    void theFallbackIsNoWayAroundARefusal() {
        Internet internet = new Internet(ZONE).with(A, server()).with(SMART, server());
        assertThat(carry(internet, mail(withFallback("one.example"), "s@example.org", "r550@one.example")))
                .containsExactly("failed 5.0.0");
        assertThat(internet.tried()).containsExactly(A);
    }

    @Test
    void aSessionIsKeptForTheNextMessage() {
        FakeServer a = server();
        Internet internet = new Internet(ZONE).with(A, a);
        try (Transport.Carriage carriage =
                internet.transport(SessionBounds.standard()).open()) {
            for (int i = 0; i < 5; i++) {
                String recipient = (i == 2 ? "r550" : "r") + "@one.example";
                assertThat(words(carriage.carry(mail(to("one.example"), "s@example.org", recipient))))
                        .containsExactly(i == 2 ? "failed 5.0.0" : "delivered by a.example");
            }
            assertThat(internet.open()).isOne();
        }
        assertThat(internet.tried()).containsExactly(A);
        assertThat(a.messages()).hasSize(4);
        assertThat(a.commands().stream().filter(c -> c.startsWith("EHLO"))).hasSize(1);
        assertThat(a.commands()).endsWith("QUIT");
        assertThat(internet.open()).isZero();
    }

    @Test
    void aSessionThatWasIdleForAWhileIsAskedWhetherItIsStillThere() {
        FakeServer a = server();
        Internet internet = new Internet(ZONE).with(A, a);
        SessionBounds bounds = new SessionBounds(100, LONG, Duration.ZERO, 10, LONG);
        try (Transport.Carriage carriage = internet.transport(bounds).open()) {
            for (int i = 0; i < 3; i++) {
                assertThat(words(carriage.carry(mail(to("one.example"))))).containsExactly("delivered by a.example");
            }
        }
        assertThat(a.commands().stream().filter("RSET"::equals)).hasSize(2);
        assertThat(internet.tried()).containsExactly(A);
    }

    /// Its server is gone without a word, or says that it goes: the message takes a new session, and is sent once.
    @ParameterizedTest
    @ValueSource(strings = {"DROP", "HALF", "CLOSING", "CLOSING_WITHOUT_CLOSING", "GARBAGE"})
    void oneThatIsNotThereAnyMoreIsReplacedBeforeAnythingIsSent(FakeServer.Fault fault) {
        FakeServer first = failing(fault, 6);
        FakeServer second = server();
        Internet internet = new Internet(ZONE).with(A, first, second);
        SessionBounds bounds = new SessionBounds(100, LONG, Duration.ZERO, 10, LONG);
        try (Transport.Carriage carriage = internet.transport(bounds).open()) {
            assertThat(words(carriage.carry(mail(to("one.example"))))).containsExactly("delivered by a.example");
            assertThat(words(carriage.carry(mail(to("one.example"))))).containsExactly("delivered by a.example");
        }
        assertThat(first.messages()).hasSize(1);
        assertThat(first.commands()).last().isEqualTo("RSET");
        assertThat(second.messages()).hasSize(1);
        assertThat(internet.tried()).containsExactly(A, A);
    }

    @Test
    void whetherASessionIsThereForTheNextMessageIsKnown() {
        FakeServer a = server();
        Internet internet = new Internet(ZONE).with(A, a, failing(FakeServer.Fault.CLOSING, 2));
        SmtpTransport transport = internet.transport(SessionBounds.standard());
        try (Transport.Carriage carriage = transport.open()) {
            assertThat(carriage.isConnected()).isFalse();
            carriage.carry(mail(to("one.example")));
            assertThat(carriage.isConnected()).isTrue();
        }
        assertThat(a.commands()).last().isEqualTo("QUIT");
        try (Transport.Carriage carriage = transport.open()) {
            carriage.carry(mail(to("one.example")));
            assertThat(carriage.isConnected()).isFalse();
        }
    }

    @Test
    void aSessionEndsAfterSoManyTransactions() {
        Internet internet = new Internet(ZONE).with(A, server(), server(), server());
        try (Transport.Carriage carriage =
                internet.transport(new SessionBounds(2, LONG, LONG, 10, LONG)).open()) {
            for (int i = 0; i < 5; i++) {
                assertThat(words(carriage.carry(mail(to("one.example"))))).containsExactly("delivered by a.example");
            }
        }
        assertThat(internet.tried()).containsExactly(A, A, A);
        assertThat(internet.open()).isZero();
    }

    @Test
    void aSessionThatWasIdleTooLongIsNotUsedAgain() {
        Internet internet = new Internet(ZONE).with(A, server(), server());
        SessionBounds bounds = new SessionBounds(100, Duration.ofNanos(1), LONG, 10, LONG);
        try (Transport.Carriage carriage = internet.transport(bounds).open()) {
            carriage.carry(mail(to("one.example")));
            assertThat(words(carriage.carry(mail(to("one.example"))))).containsExactly("delivered by a.example");
        }
        assertThat(internet.tried()).containsExactly(A, A);
    }

    @Test
    void aSessionServesItsOwnRouteOnly() {
        Internet internet = new Internet(ZONE).with(A, server(), server());
        try (Transport.Carriage carriage =
                internet.transport(SessionBounds.standard()).open()) {
            carriage.carry(mail(to("one.example")));
            carriage.carry(mail(to("three.example")));
        }
        assertThat(internet.tried()).containsExactly(A, A);
        assertThat(internet.open()).isZero();
    }

    /// Between two messages: after the replies to the greeting, EHLO, MAIL, RCPT, DATA and the end, the next is the
    /// seventh.
    @ParameterizedTest
    @ValueSource(strings = {"DROP", "CLOSING", "HALF"})
    void aSessionThatTheServerClosedMeanwhileIsReplacedAtOnce(FakeServer.Fault fault) {
        FakeServer second = server();
        Internet internet =
                new Internet(ZONE).with(A, failing(fault, 6), second).with(B, server());
        try (Transport.Carriage carriage =
                internet.transport(SessionBounds.standard()).open()) {
            carriage.carry(mail(to("three.example")));
            assertThat(words(carriage.carry(mail(to("three.example"))))).containsExactly("delivered by a.example");
        }
        assertThat(internet.tried()).containsExactly(A, A);
        assertThat(second.messages()).hasSize(1);
        assertThat(internet.open()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"DROP", "CLOSING", "HALF"})
    void soIsOneInWhichTheWholeMessageWasSentWithoutAWord(FakeServer.Fault fault) {
        FakeServer.Behaviour oneFlight = FakeServer.Behaviour.offering("PIPELINING", "CHUNKING");
        FakeServer second = new FakeServer(oneFlight);
        Internet internet = new Internet(ZONE)
                .with(A, new FakeServer(oneFlight.failing(fault, 5)), second)
                .with(B, server());
        try (Transport.Carriage carriage =
                internet.transport(SessionBounds.standard()).open()) {
            carriage.carry(mail(to("three.example")));
            assertThat(words(carriage.carry(mail(to("three.example"))))).containsExactly("delivered by a.example");
        }
        assertThat(second.messages()).hasSize(1);
    }

    @Test
    void moreRecipientsThanTheServerTakesGoInFurtherTransactions() {
        FakeServer few =
                new FakeServer(FakeServer.Behaviour.offering("PIPELINING").takingAtATime(10));
        Internet internet = new Internet(ZONE).with(A, few);
        String[] recipients = IntStream.range(0, 95)
                .mapToObj(i -> "u" + i + (i == 50 ? ".r550" : "") + "@one.example")
                .toArray(String[]::new);
        List<String> outcomes = carry(internet, mail(to("one.example"), "s@example.org", recipients));
        for (int i = 0; i < outcomes.size(); i++) {
            assertThat(outcomes.get(i)).isEqualTo(i == 50 ? "failed 5.0.0" : "delivered by a.example");
        }
        assertThat(few.messages()).hasSize(10);
        assertThat(few.messages().stream().flatMap(m -> m.recipients().stream()))
                .hasSize(94)
                .doesNotHaveDuplicates();
        assertThat(internet.tried()).containsExactly(A);
    }

    @ParameterizedTest
    @CsvSource({
        "LIMITS RCPTMAX=10, 10, 1",
        "LIMITS RCPTMAX=10 MAILMAX=3, 10, 4",
        "LIMITS RCPTMAX=1 MAILMAX=1, 95, 95",
        "LIMITS MAILMAX=1, 1, 1",
        "LIMITS RCPTMAX=0 MAILMAX=0, 1, 1",
    })
    void noMoreIsAskedForThanAServerAnnounces(String limits, int transactions, int sessions) {
        FakeServer[] servers = IntStream.range(0, sessions)
                .mapToObj(_ -> new FakeServer(FakeServer.Behaviour.offering("PIPELINING", limits)))
                .toArray(FakeServer[]::new);
        Internet internet = new Internet(ZONE).with(A, servers);
        String[] recipients =
                IntStream.range(0, 95).mapToObj(i -> "u" + i + "@one.example").toArray(String[]::new);
        assertThat(carry(internet, mail(to("one.example"), "s@example.org", recipients)))
                .hasSize(95)
                .containsOnly("delivered by a.example");
        assertThat(internet.tried()).hasSize(sessions);
        assertThat(Stream.of(servers).flatMap(server -> server.messages().stream()))
                .hasSize(transactions);
        assertThat(Stream.of(servers)
                        .flatMap(server -> server.messages().stream())
                        .flatMap(message -> message.recipients().stream()))
                .hasSize(95)
                .doesNotHaveDuplicates();
        assertThat(internet.open()).isZero();
    }

    @Test
    void aSessionEndsAfterAsManyTransactionsAsTheServerAnnounces() {
        FakeServer.Behaviour three = FakeServer.Behaviour.offering("PIPELINING", "LIMITS MAILMAX=3");
        Internet internet = new Internet(ZONE).with(A, new FakeServer(three), new FakeServer(three));
        try (Transport.Carriage carriage =
                internet.transport(SessionBounds.standard()).open()) {
            for (int i = 0; i < 5; i++) {
                assertThat(words(carriage.carry(mail(to("one.example"))))).containsExactly("delivered by a.example");
            }
        }
        assertThat(internet.tried()).containsExactly(A, A);
    }

    @Test
    void aServerThatIsUnwillingIsNotAskedAgainForTheRest() {
        FakeServer few = new FakeServer(FakeServer.Behaviour.offering("PIPELINING", "LIMITS RCPTMAX=1 MAILMAX=2"));
        Internet internet = new Internet(ZONE).with(A, few);
        assertThat(carry(internet, mail(to("one.example"), "m451@example.org", "p@one.example", "q@one.example")))
                .containsExactly("deferred 4.0.0 RECIPIENT", "deferred 4.0.0 RECIPIENT");
        assertThat(few.commands().stream().filter(c -> c.startsWith("MAIL"))).hasSize(1);
        assertThat(internet.tried()).containsExactly(A);
    }

    @Test
    void whatWaitsForAnotherSessionIsDeferredWhereThereIsNone() {
        FakeServer one = new FakeServer(FakeServer.Behaviour.offering("PIPELINING", "LIMITS RCPTMAX=1 MAILMAX=1"));
        Internet internet = new Internet(ZONE).with(A, one);
        assertThat(carry(internet, mail(to("one.example"), "s@example.org", "p@one.example", "q@one.example")))
                .containsExactly("delivered by a.example", "deferred 4.4.1 NEXT_HOP");
        assertThat(internet.tried()).containsExactly(A, A);
    }

    @Test
    void recipientsThatWereTooManyWaitWhereTheServerThenCloses() {
        // the replies: greeting, EHLO, MAIL, RCPT, RCPT, DATA, the end, and then the second MAIL
        FakeServer few = new FakeServer(
                FakeServer.Behaviour.offering("PIPELINING").takingAtATime(1).failing(FakeServer.Fault.DROP, 7));
        Internet internet = new Internet(ZONE).with(A, few);
        assertThat(carry(internet, mail(to("one.example"), "s@example.org", "p@one.example", "q@one.example")))
                .containsExactly("delivered by a.example", "deferred 4.4.2 NEXT_HOP");
    }

    @Test
    void aServerWithoutRoomForAnybodyDefers() {
        FakeServer none =
                new FakeServer(FakeServer.Behaviour.offering("PIPELINING").takingAtATime(0));
        assertThat(carry(
                        new Internet(ZONE).with(A, none),
                        mail(to("one.example"), "s@example.org", "p@one.example", "q@one.example")))
                .containsExactly("deferred 4.5.3 RECIPIENT", "deferred 4.5.3 RECIPIENT");
        assertThat(none.commands().stream().filter(c -> c.startsWith("MAIL"))).hasSize(1);
    }

    @Test
    void anExchangerWhoseHandshakeFailsIsTriedOnceMoreInTheClear() throws IOException {
        AtomicInteger connections = new AtomicInteger();
        FakeServer good = server();
        Consumer<Connection> serving = connection -> {
            if (connections.getAndIncrement() == 0) {
                offerTlsAndClose(connection);
            } else {
                good.serve(connection);
            }
        };
        try (LoopbackServer server = new LoopbackServer(serving)) {
            Route route = new Route.Mx(
                    new Host.AddressLiteral(server.endpoint().address()),
                    server.endpoint().port(),
                    false,
                    Optional.empty());
            assertThat(over(route, HopPolicy.opportunistic(), Internet.tls()))
                    .containsExactly("delivered by 127.0.0.1");
        }
    }

    private static List<String> over(Route route, HopPolicy policy, ClientTls tls) {
        SocketConnector sockets = new SocketConnector(ConnectionWatch.occasional(), Optional.empty(), Optional.empty());
        SmtpTransport transport = new Internet("localhost. A 127.0.0.1\nsmart.example. A 127.0.0.1\n")
                .transport(SessionBounds.standard(), sockets, Internet.encrypting(policy, tls));
        try (Transport.Carriage carriage = transport.open()) {
            return words(carriage.carry(mail(route)));
        }
    }

    private static void offerTlsAndClose(Connection connection) {
        try (connection) {
            for (String reply : List.of("220 mx\r\n", "250-mx\r\n250 STARTTLS\r\n", "220 go ahead\r\n")) {
                connection.write(reply.getBytes(StandardCharsets.US_ASCII), Deadline.after(LONG));
                connection.flush(Deadline.after(LONG));
                connection.readLine(1000, Deadline.after(LONG));
            }
        } catch (IOException clientGone) {
            return; // as a broken server would not care either
        }
    }

    @ParameterizedTest
    @MethodSource("dev.postern.tls.Providers#all")
    void tlsIsUsedAndToldWithAnyCertificate(TlsProvider provider) throws IOException {
        ServerTls tls = new ServerTls(
                provider,
                SelfSigned.make(List.of("other.example"), Instant.now(), Duration.ofDays(1), Optional.empty())
                        .identity());
        FakeServer fake = new FakeServer(
                FakeServer.Behaviour.offering("STARTTLS", "PIPELINING").encrypting(tls.upgrade()));
        SocketConnector sockets = new SocketConnector(ConnectionWatch.occasional(), Optional.empty(), Optional.empty());
        try (LoopbackServer server = new LoopbackServer(fake::serve)) {
            Route route = new Route.Mx(
                    new Host.AddressLiteral(server.endpoint().address()),
                    server.endpoint().port(),
                    false,
                    Optional.empty());
            SmtpTransport transport = new Internet("x. A 127.0.0.1\n")
                    .transport(
                            SessionBounds.standard(),
                            sockets,
                            Internet.encrypting(HopPolicy.opportunistic(), Internet.tls(provider)));
            try (Transport.Carriage carriage = transport.open()) {
                assertThat(carriage.carry(mail(route)))
                        .singleElement()
                        .isInstanceOfSatisfying(
                                DeliveryOutcome.Delivered.class,
                                d -> assertThat(d.how()).startsWith("250 for the end (TLSv1.3 TLS_"));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "STARTTLS, true, delivered by smart.example",
        "STARTTLS, false, deferred 4.7.5 DOMAIN",
        "OPPORTUNISTIC, false, delivered by smart.example",
    })
    void aSmarthostIsEncryptedAsItsSettingsSay(SmarthostSettings.Tls wanted, boolean known, String outcome)
            throws IOException {
        for (TlsProvider provider : Providers.all().toList()) {
            aSmarthostIsEncrypted(provider, wanted, known, outcome);
        }
    }

    private static void aSmarthostIsEncrypted(
            TlsProvider provider, SmarthostSettings.Tls wanted, boolean known, String outcome) throws IOException {
        SelfSigned.Made made =
                SelfSigned.make(List.of("smart.example"), Mail.ARRIVED, Duration.ofDays(1), Optional.empty());
        ServerTls tls = new ServerTls(provider, made.identity());
        FakeServer fake = new FakeServer(
                FakeServer.Behaviour.offering("STARTTLS", "PIPELINING").encrypting(tls.upgrade()));
        try (LoopbackServer server = new LoopbackServer(fake::serve)) {
            Route route = new Route.Smarthost(new SmarthostSettings(
                    "smart",
                    new Host.Domain(DomainName.of("smart.example")),
                    server.endpoint().port(),
                    wanted,
                    Optional.empty()));
            ClientTls trust = new ClientTls(provider, known ? made.identity().chain() : List.of());
            assertThat(over(route, Internet.clear(), trust)).containsExactly(outcome);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.postern.tls.Providers#all")
    void aSmarthostThatRequiresALoginItDoesNotGetDefersEverything(TlsProvider provider) throws IOException {
        SelfSigned.Made made =
                SelfSigned.make(List.of("smart.example"), Mail.ARRIVED, Duration.ofDays(1), Optional.empty());
        ServerTls tls = new ServerTls(provider, made.identity());
        for (String password : List.of("secret", "wrong")) {
            FakeServer fake = new FakeServer(
                    FakeServer.Behaviour.offering("STARTTLS", "AUTH PLAIN").encrypting(tls.upgrade()));
            try (LoopbackServer server = new LoopbackServer(fake::serve)) {
                Route route = new Route.Smarthost(new SmarthostSettings(
                        "smart",
                        new Host.Domain(DomainName.of("smart.example")),
                        server.endpoint().port(),
                        SmarthostSettings.Tls.STARTTLS,
                        Optional.of(new SmarthostSettings.Login("user", password))));
                ClientTls trust = new ClientTls(provider, made.identity().chain());
                assertThat(over(route, Internet.clear(), trust))
                        .containsExactly(
                                password.equals("secret") ? "delivered by smart.example" : "deferred 4.7.8 NEXT_HOP");
            }
        }
    }

    /// To be delivered within 120 seconds, or returned, or told of.
    private static Mail inTwoMinutes(DeliverBy.Mode mode) {
        return Mail.saying("Subject: x\r\n\r\nhello\r\n")
                .asking(MailParameters.none()
                        .withHandling(new Handling(
                                false,
                                Optional.of(new DeliverBy(120, mode, true)),
                                Optional.of(new FutureRelease.HoldFor(60)),
                                Optional.of(new Priority(3)))))
                .to(Recipient.of(Mail.mailbox("p@one.example")), to("one.example"));
    }

    private static List<String> after(Duration time, DeliverBy.Mode mode, FakeServer server) {
        Internet internet = new Internet(ZONE).with(A, server);
        internet.clock.advance(time);
        return carry(internet, inTwoMinutes(mode).consignment());
    }

    @Test
    void theNextHopIsToldTheTimeThatIsLeftAndThePriorityAndNothingOfTheHold() {
        FakeServer a = new FakeServer(
                FakeServer.Behaviour.offering("DELIVERBY 98", "MT-PRIORITY", "FUTURERELEASE 9 2030-01-01T00:00:00Z"));

        assertThat(after(Duration.ofMillis(21_999), DeliverBy.Mode.RETURN, a))
                .containsExactly("delivered by a.example");
        assertThat(a.messages().getFirst().mail()).isEqualTo("MAIL FROM:<alice@example.org> BY=98;RT MT-PRIORITY=3");
    }

    @Test
    void aTimeThatIsOverIsToldAsSuch() {
        FakeServer a = new FakeServer(FakeServer.Behaviour.offering("DELIVERBY 98"));

        assertThat(after(Duration.ofSeconds(150), DeliverBy.Mode.NOTIFY, a)).containsExactly("delivered by a.example");
        assertThat(a.messages().getFirst().mail()).isEqualTo("MAIL FROM:<alice@example.org> BY=-30;NT");
    }

    @Test
    void aMessageOfWhichNothingWasSaidHasTheUsualPriority() {
        FakeServer a = new FakeServer(FakeServer.Behaviour.offering("MT-PRIORITY", "DELIVERBY"));
        Internet internet = new Internet(ZONE).with(A, a);

        assertThat(carry(internet, mail(to("one.example"), "s@example.org", "p@one.example")))
                .containsExactly("delivered by a.example");
        assertThat(a.messages().getFirst().mail()).isEqualTo("MAIL FROM:<s@example.org> MT-PRIORITY=0");
    }

    @Test
    void whatIsToBeReturnedGoesOnlyWhereItCanBeInTime() {
        assertThat(after(
                        Duration.ZERO,
                        DeliverBy.Mode.RETURN,
                        new FakeServer(FakeServer.Behaviour.offering("PIPELINING"))))
                .containsExactly("failed 5.3.3");
        assertThat(after(
                        Duration.ZERO,
                        DeliverBy.Mode.RETURN,
                        new FakeServer(FakeServer.Behaviour.offering("DELIVERBY 121"))))
                .containsExactly("failed 5.4.7");
        assertThat(after(
                        Duration.ofMinutes(2),
                        DeliverBy.Mode.RETURN,
                        new FakeServer(FakeServer.Behaviour.offering("DELIVERBY"))))
                .containsExactly("failed 5.4.7");
    }

    @Test
    void whoWatchesTheTimeFromNowOnIsKnown() {
        for (boolean watches : List.of(true, false)) {
            FakeServer server = new FakeServer(FakeServer.Behaviour.offering(watches ? "DELIVERBY" : "PIPELINING"));
            Internet internet = new Internet(ZONE).with(A, server);
            try (Transport.Carriage carriage =
                    internet.transport(SessionBounds.standard()).open()) {
                assertThat(carriage.carry(inTwoMinutes(DeliverBy.Mode.NOTIFY).consignment()))
                        .singleElement()
                        .isInstanceOfSatisfying(
                                DeliveryOutcome.Delivered.class,
                                d -> assertThat(d.timeKeeper())
                                        .isEqualTo(
                                                watches
                                                        ? DeliveryOutcome.TimeKeeper.NEXT_HOP
                                                        : DeliveryOutcome.TimeKeeper.NOBODY));
            }
        }
    }
}
