package dev.postern.smtpserver;

import static dev.postern.smtpserver.Talk.PATIENCE;
import static dev.postern.smtpserver.Talk.reply;
import static dev.postern.smtpserver.Talk.secure;
import static dev.postern.smtpserver.Talk.soon;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.batv.Signing;
import dev.postern.dns.DomainName;
import dev.postern.doctor.ProbeAttempt;
import dev.postern.policy.ListenerRole;
import dev.postern.smtp.Mailbox;
import dev.postern.spool.ManualClock;
import dev.postern.spool.SpooledMessage;
import dev.postern.srs.Rewriting;
import dev.postern.wire.Connection;
import dev.postern.wire.Endpoint;
import dev.postern.wire.SocketConnection;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Plays the attempts of the probe against every role of a listener: not one gets a stranger's mail onward.
class RelayAttemptsTest {

    private static final int FEWEST = 60;
    private static final Map<String, String> WORDS = Map.ofEntries(
            Map.entry("{ours}", "example.org"),
            Map.entry("{relayed}", "branch.example.org"),
            Map.entry("{there}", "example.net"),
            Map.entry("{host}", World.HOST.text()),
            Map.entry("{us}", "192.0.2.25"),
            Map.entry("{signed}", signed("alice")),
            Map.entry("{percent}", signed("victim%example.net")),
            Map.entry("{nobody}", signed("victim")),
            Map.entry("{good}", returnAddress(Duration.ZERO, "victim@example.net")),
            Map.entry("{old}", returnAddress(Duration.ofDays(22), "victim@example.net")),
            Map.entry("{future}", returnAddress(Duration.ofDays(-2), "victim@example.net")),
            Map.entry("{routed}", returnAddress(Duration.ZERO, "victim%example.net@branch.example.org")),
            Map.entry("{further}", returnAddress(Duration.ZERO, "SRS0=AAAA=AA=victim.net=victim@example.net")));

    /// The local part of an address that was made for a sender so long ago; genuine.
    private static String returnAddress(Duration ago, String sender) {
        ManualClock clock = ManualClock.atNoon();
        clock.advance(ago.negated());
        return switch (World.rewriting(clock).forward(Mailbox.parse(sender).orElseThrow())) {
            case Rewriting.Rewritten(Mailbox address, String why) ->
                address.localPart().value();
            case Rewriting.Kept kept -> throw new AssertionError(kept);
        };
    }

    /// The local part of a signed return path of ours; genuine.
    private static String signed(String local) {
        return switch (World.signing(ManualClock.atNoon()).sign(Mailbox.of(local, DomainName.of("example.org")))) {
            case Signing.Signed(Mailbox address) -> address.localPart().value();
            case Signing.Kept kept -> throw new AssertionError(kept);
        };
    }

    private static List<ProbeAttempt> attempts() {
        return ProbeAttempt.ofRelaying().stream()
                .map(attempt -> attempt.filledIn(WORDS).orElseThrow())
                .toList();
    }

    static Stream<Arguments> everyAttemptAtEveryRole() throws IOException {
        List<ProbeAttempt> attempts = attempts();
        return Stream.of(ListenerRole.values())
                .flatMap(role -> attempts.stream()
                        .filter(attempt ->
                                !(role.isImplicitTls() && attempt.name().endsWith("in the clear")))
                        .map(attempt -> Arguments.of(role, attempt.name(), attempt)));
    }

    @Test
    void thereAreManyOfThem() throws IOException {
        assertThat(attempts()).hasSizeGreaterThanOrEqualTo(FEWEST);
        assertThat(attempts()).extracting(ProbeAttempt::name).doesNotHaveDuplicates();
        assertThat(attempts())
                .allMatch(attempt -> attempt.commands().stream()
                        .anyMatch(command -> command.toLowerCase(Locale.ROOT).contains("victim")));
    }

    /// The control: the same play with a recipient of ours gets through, so a refusal above means what it says.
    @Test
    void mailForOursGetsThrough() throws Exception {
        ProbeAttempt honest = new ProbeAttempt(
                "honest",
                List.of(
                        "EHLO c.example.net",
                        "MAIL FROM:<a@example.net>",
                        "RCPT TO:<alice@example.org>",
                        "RCPT TO:<x@branch.example.org>",
                        ProbeAttempt.MESSAGE));
        World world = new World(World.Ways.usual().signing());
        List<String> replies = play(world, ListenerRole.MX, honest);
        assertThat(replies.get(2)).startsWith("250 2.1.5");
        assertThat(replies.get(3)).startsWith("250 2.1.5");
        assertThat(world.spool.count()).isEqualTo(1);
    }

    /// The control of those with return addresses: a report gets back to where it belongs.
    @Test
    void reportForAReturnAddressGetsBack() throws Exception {
        ProbeAttempt honest = new ProbeAttempt(
                        "honest",
                        List.of("EHLO c.example.net", "MAIL FROM:<>", "RCPT TO:<{good}@{ours}>", ProbeAttempt.MESSAGE))
                .filledIn(WORDS)
                .orElseThrow();
        World world = new World(World.Ways.usual().signing());
        assertThat(play(world, ListenerRole.MX, honest).get(2)).startsWith("250 2.1.5");
        assertThat(world.spool.list(Optional.empty(), 10))
                .singleElement()
                .satisfies(message -> assertThat(message.recipients())
                        .extracting(state -> state.recipient().path().toString())
                        .containsExactly("victim@example.net"));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("everyAttemptAtEveryRole")
    void noneGetsOnward(ListenerRole role, String name, ProbeAttempt attempt) throws Exception {
        World world = new World(World.Ways.usual().signing());
        List<String> replies = play(world, role, attempt);
        assertThat(replies).isNotEmpty();
        for (int i = 0; i < replies.size(); i++) {
            String command = attempt.commands().get(i).toLowerCase(Locale.ROOT);
            if (command.startsWith("rcpt") && command.contains("victim")) {
                assertThat(replies.get(i)).as("the reply to %s", command).matches("[45]\\d\\d[ -].*");
            }
        }
        for (SpooledMessage message : world.spool.list(Optional.empty(), 10)) {
            assertThat(message.recipients())
                    .as("recipients in the spool")
                    .noneMatch(
                            state -> state.toString().toLowerCase(Locale.ROOT).contains("victim"));
        }
    }

    /// Plays an attempt; one reply for each command as far as the server let it come.
    private static List<String> play(World world, ListenerRole role, ProbeAttempt attempt) throws Exception {
        InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
        try (ServerSocket listening = new ServerSocket(0, 1, loopback)) {
            Connection client = SocketConnection.connect(
                    new Endpoint.Inet(loopback, listening.getLocalPort()), Optional.empty(), soon());
            Thread session = Thread.ofVirtual()
                    .start(new ServerSession(
                            SocketConnection.over(listening.accept()),
                            world.spool.nextId(),
                            world.setup(World.settings(role).withLogin(loginAt(role)))));
            List<String> replies;
            try (client) {
                replies = converse(client, role, attempt);
            }
            assertThat(session.join(PATIENCE)).isTrue();
            assertThat(world.events(SessionEvent.Broken.class)).isEmpty();
            return replies;
        }
    }

    private static ServerSessionSettings.Login loginAt(ListenerRole role) {
        return role == ListenerRole.LMTP ? ServerSessionSettings.Login.NEVER : ServerSessionSettings.Login.UNDER_TLS;
    }

    private static List<String> converse(Connection client, ListenerRole role, ProbeAttempt attempt)
            throws IOException {
        List<String> replies = new ArrayList<>();
        boolean secure = role.isImplicitTls();
        if (secure) {
            secure(client);
        }
        try {
            reply(client);
            for (String command : attempt.commands()) {
                switch (command) {
                    case ProbeAttempt.TLS -> {
                        replies.add(secure ? "220" : say(client, "STARTTLS"));
                        if (!secure) {
                            secure(client);
                            secure = true;
                        }
                    }
                    case ProbeAttempt.MESSAGE -> {
                        String ready = say(client, "DATA");
                        replies.add(ready.startsWith("354") ? say(client, "Subject: x\r\n\r\ntext\r\n.") : ready);
                    }
                    default ->
                        replies.add(say(
                                client,
                                role == ListenerRole.LMTP ? command.replaceFirst("^(EHLO|HELO)", "LHLO") : command));
                }
            }
        } catch (EOFException closed) {
            return replies; // the server had enough, which no attempt survives
        }
        return replies;
    }

    private static String say(Connection client, String command) throws IOException {
        client.write(ProbeAttempt.octets(command + "\r\n"), soon());
        client.flush(soon());
        return reply(client);
    }
}
