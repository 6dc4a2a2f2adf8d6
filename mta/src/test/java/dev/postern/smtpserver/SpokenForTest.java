package dev.postern.smtpserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.event.Decision;
import dev.postern.spool.SpooledMessage;
import dev.postern.wire.Endpoint;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What a session leaves behind that another server has led.
class SpokenForTest {
    private static final List<String> MESSAGE = List.of(
            "C: MAIL FROM:<ann@example.com>",
            "S: 250 *",
            "C: RCPT TO:<alice@example.org>",
            "S: 250 *",
            "C: DATA",
            "S: 354 *",
            "C: text",
            "C: .",
            "S: 250 *");

    private static World played(List<String> before, List<String> after) throws Exception {
        List<String> lines = new ArrayList<>(List.of("@ client 10.0.0.1", "@ xclient 10.0.0.1", "@ xforward 10.0.0.1"));
        lines.addAll(List.of("S: 220 *", "C: EHLO proxy.example", "S* 250 *"));
        lines.addAll(before);
        lines.addAll(MESSAGE);
        lines.addAll(after);
        DialoguePlayer player = new DialoguePlayer(Dialogue.parse(lines), DialoguePlayer.Cut.NONE);
        player.play();
        return player.world();
    }

    private static List<Decision> decisions(World world, SpooledMessage message, String rule) throws Exception {
        return world.spool.decisions(message.id()).stream()
                .filter(decision -> decision.rule().equals(rule))
                .toList();
    }

    @Test
    void traceNamesTheClientAndNotTheServerThatSpokeForIt() throws Exception {
        World world = played(
                List.of(
                        "C: XCLIENT ADDR=IPV6:2001:db8::7 PORT=1234 HELO=client.example PROTO=SMTP",
                        "S: 220 *",
                        "C: EHLO proxy.example",
                        "S* 250 *"),
                List.of());
        SpooledMessage message = world.spool.list(Optional.empty(), 2).getFirst();
        assertThat(message.trace())
                .contains("client.example", "2001:db8:", "with SMTP")
                .doesNotContain("proxy.example")
                .doesNotContain("10.0.0.1");
        assertThat(world.events(SessionEvent.SpokenFor.class)).singleElement().satisfies(event -> {
            assertThat(event.peer()).isEqualTo(new Endpoint.Inet(InetAddress.ofLiteral("2001:db8::7"), 1234));
            assertThat(event.told()).isEqualTo("addr=IPV6:2001:db8::7 helo=client.example port=1234 proto=SMTP");
        });
        assertThat(decisions(world, message, "xclient"))
                .singleElement()
                .satisfies(decision -> assertThat(decision.inputs()).containsEntry("helo", "client.example"));
        assertThat(world.events(SessionEvent.Disconnected.class).getFirst().peer())
                .isEqualTo(new Endpoint.Inet(InetAddress.ofLiteral("2001:db8::7"), 1234));
    }

    @Test
    void traceNamesNoAddressWhereNoneWasTold() throws Exception {
        World world = played(
                List.of("C: XCLIENT NAME=client.example", "S: 220 *", "C: EHLO client.example", "S* 250 *"), List.of());
        assertThat(world.spool.list(Optional.empty(), 2).getFirst().trace())
                .contains("client.example")
                .doesNotContain("10.0.0.1")
                .doesNotContain("0.0.0.0");
    }

    @Test
    void whatXforwardTellsIsNotedWithThatMessageAndNoOther() throws Exception {
        List<String> second = new ArrayList<>(MESSAGE);
        World world = played(
                List.of(
                        "C: XFORWARD NAME=client.example ADDR=192.0.2.9",
                        "S: 250 *",
                        "C: XFORWARD HELO=[UNAVAILABLE] IDENT=a+20b",
                        "S: 250 *"),
                second);
        List<SpooledMessage> messages = world.spool.list(Optional.empty(), 3);
        assertThat(messages).hasSize(2);
        assertThat(decisions(world, messages.getFirst(), "xforward"))
                .extracting(Decision::inputs)
                .containsExactly(
                        Map.of("name", "client.example", "addr", "192.0.2.9", "helo", "unavailable", "ident", "a b"));
        assertThat(decisions(world, messages.getLast(), "xforward")).isEmpty();
        assertThat(messages)
                .allSatisfy(message ->
                        assertThat(message.trace()).contains("10.0.0.1").doesNotContain("192.0.2.9"));
    }
}
