package dev.postern.smtpserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.event.Decision;
import dev.postern.policy.ListenerRole;
import dev.postern.smtp.Mailbox;
import dev.postern.spool.QueueId;
import dev.postern.spool.SpooledMessage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a session leaves behind: messages, decisions and events.
class ServerSessionTest {

    private static final Pattern ID = Pattern.compile("\\(id (\\w+)\\)");

    /// Plays a dialogue written line by line, and tells what became of the world.
    private static DialoguePlayer played(String... lines) throws Exception {
        DialoguePlayer player = new DialoguePlayer(Dialogue.parse(List.of(lines)), DialoguePlayer.Cut.NONE);
        player.play();
        return player;
    }

    private static SpooledMessage onlyMessage(World world) throws Exception {
        List<SpooledMessage> all = world.spool.list(Optional.empty(), 10);
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    private static QueueId idIn(String reply) {
        Matcher matcher = ID.matcher(reply);
        assertThat(matcher.find()).as("an id in %s", reply).isTrue();
        return QueueId.parse(matcher.group(1)).orElseThrow();
    }

    @Test
    void messageIsStoredAsItWasGivenWithTheTraceOnTop() throws Exception {
        World world = played(
                        "S: 220 *",
                        "C: EHLO client.example",
                        "S* 250 *",
                        "C: MAIL FROM:<ann@example.com> ENVID=42 RET=HDRS",
                        "S: 250 *",
                        "C: RCPT TO:<alice@example.org> NOTIFY=SUCCESS",
                        "S: 250 *",
                        "C: DATA",
                        "S: 354 *",
                        "C: Subject: dots",
                        "C: ",
                        "C: ..",
                        "C: .",
                        "S: 250 *")
                .world();
        SpooledMessage message = onlyMessage(world);
        assertThat(world.content(message.id())).isEqualTo("Subject: dots\r\n\r\n.\r\n");
        assertThat(message.trace())
                .startsWith("Received: ")
                .contains("client.example", "with ESMTP", message.id().toString());
        assertThat(message.parameters().envelopeId()).hasValue("42");
        assertThat(message.recipients().getFirst().recipient().parameters().notifyOn())
                .isPresent();
        assertThat(message.held()).isFalse();
        assertThat(world.events(SessionEvent.MessageTaken.class))
                .singleElement()
                .satisfies(taken -> {
                    assertThat(taken.message()).isEqualTo(message.id());
                    assertThat(taken.octets()).isEqualTo(20);
                    assertThat(taken.recipients()).hasToString("[alice@example.org]");
                });
        assertThat(world.events(SessionEvent.Disconnected.class))
                .singleElement()
                .satisfies(end -> {
                    assertThat(end.totals().messages()).isEqualTo(1);
                    assertThat(end.totals().recipients()).isEqualTo(1);
                    assertThat(end.totals().octets()).isEqualTo(20);
                    assertThat(end.totals().refused()).isZero();
                    assertThat(end.helo()).hasValue("client.example");
                });
    }

    @Test
    void quarantinedMessageIsHeld() throws Exception {
        World world = played(
                        "S: 220 *",
                        "C: EHLO c.example",
                        "S* 250 *",
                        "C: MAIL FROM:<content-quarantine@example.com>",
                        "S: 250 *",
                        "C: RCPT TO:<alice@example.org>",
                        "S: 250 *",
                        "C: BDAT 2 LAST",
                        "C> \\r\\n",
                        "S: 250 *")
                .world();
        assertThat(onlyMessage(world).held()).isTrue();
    }

    @Test
    void decisionsOfAMessageAreStoredWithIt() throws Exception {
        World world = played(
                        "S: 220 *",
                        "C: EHLO c.example",
                        "S* 250 *",
                        "C: MAIL FROM:<a@example.com>",
                        "S: 250 *",
                        "C: RCPT TO:<alice@example.org>",
                        "S: 250 *",
                        "C: BDAT 2 LAST",
                        "C> \\r\\n",
                        "S: 250 *")
                .world();
        assertThat(world.spool.decisions(onlyMessage(world).id()))
                .extracting(Decision::stage, Decision::rule, Decision::verdict)
                .contains(org.assertj.core.groups.Tuple.tuple("rcpt", "relay", "accept"));
        assertThat(world.kept).as("nothing was refused").isEmpty();
    }

    @Test
    void idInARefusalLeadsToItsReasons() throws Exception {
        DialoguePlayer player = played(
                "S: 220 *",
                "C: EHLO c.example",
                "S* 250 *",
                "C: MAIL FROM:<a@example.com>",
                "S: 250 *",
                "C: RCPT TO:<victim@example.net>",
                "S: 550 5.7.1 *",
                "C: XYZZY",
                "S: 500 5.5.1 *");
        QueueId id = idIn(player.heard().getLast());
        assertThat(player.world().kept.get(id))
                .extracting(Decision::stage, Decision::rule, Decision::verdict)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("rcpt", "relay", "reject"),
                        org.assertj.core.groups.Tuple.tuple("protocol", "command", "reject"));
        assertThat(player.world().kept.get(id).getFirst().inputs())
                .containsEntry("recipient", "victim@example.net")
                .containsEntry("user", "none");
        assertThat(player.world().events(SessionEvent.RecipientRefused.class)).hasSize(1);
    }

    @Test
    void idOfARefusedContentLeadsToItsReasons() throws Exception {
        DialoguePlayer player = played(
                "S: 220 *",
                "C: EHLO c.example",
                "S* 250 *",
                "C: MAIL FROM:<content-refuse@example.com>",
                "S: 250 *",
                "C: RCPT TO:<alice@example.org>",
                "S: 250 *",
                "C: BDAT 2 LAST",
                "C> \\r\\n",
                "S: 550 5.7.1 go away *");
        QueueId id = idIn(player.heard().getLast());
        assertThat(player.world().kept.get(id))
                .extracting(Decision::stage, Decision::rule, Decision::verdict)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("rcpt", "relay", "accept"),
                        org.assertj.core.groups.Tuple.tuple("content", "word", "reject"));
        assertThat(player.world().events(SessionEvent.MessageRefused.class))
                .singleElement()
                .satisfies(refused -> assertThat(refused.message()).isEqualTo(id));
    }

    @Test
    void recordOfASessionIsBounded() throws Exception {
        List<String> lines = new java.util.ArrayList<>(List.of(
                "@ unknown 1000",
                "S: 220 *",
                "C: EHLO c.example",
                "S* 250 *",
                "C: MAIL FROM:<a@example.com>",
                "S: 250 *"));
        for (int i = 0; i < 3 * SessionRecord.MOST; i++) {
            lines.add("C: RCPT TO:<nobody" + i + "@example.org>");
            lines.add("S: 550 5.1.1 *");
        }
        DialoguePlayer player = played(lines.toArray(String[]::new));
        assertThat(player.world().kept.get(idIn(player.heard().getLast()))).hasSize(SessionRecord.MOST);
    }

    @Test
    void failedLoginIsRememberedWithTheNameThatWasClaimed() throws Exception {
        World world = played(
                        "@ role submissions",
                        "@ over tcp",
                        "S: 220 *",
                        "C: EHLO c.example",
                        "S* 250 *",
                        "C: AUTH PLAIN AG1hbGxvcnkAc2VjcmV0",
                        "S: 535 5.7.8 *")
                .world();
        assertThat(world.events(SessionEvent.LoginFailed.class)).singleElement().satisfies(failed -> {
            assertThat(failed.claimed()).isEqualTo("mallory");
            assertThat(failed.mechanism()).isEqualTo("PLAIN");
        });
        assertThat(world.kept.values().iterator().next())
                .singleElement()
                .satisfies(decision ->
                        assertThat(decision.inputs()).isEqualTo(Map.of("user", "mallory", "mechanism", "PLAIN")));
    }

    @Test
    void mailOfUsersGetsDateAndMessageIdWhereTheyAreMissing() throws Exception {
        World world = played(
                        "@ role submissions",
                        "@ over tcp",
                        "S: 220 *",
                        "C: EHLO c.example",
                        "S* 250 *",
                        "C: AUTH PLAIN AGFsaWNlAHNlY3JldA==",
                        "S: 235 *",
                        "C: MAIL FROM:<alice@example.org>",
                        "S: 250 *",
                        "C: RCPT TO:<x@example.net>",
                        "S: 250 *",
                        "C: BDAT 14 LAST",
                        "C> Subject: x\\r\\n\\r\\n",
                        "S: 250 *")
                .world();
        SpooledMessage message = onlyMessage(world);
        assertThat(message.trace()).contains("\r\nDate: ", "\r\nMessage-ID: ");
        assertThat(message.origin().user()).hasValue("alice");
        assertThat(message.origin().protocol()).isEqualTo("ESMTPSA");
        assertThat(message.origin().tls()).isPresent();
    }

    @Test
    void mailOfStrangersIsLeftAsItIs() throws Exception {
        World world = played(
                        "S: 220 *",
                        "C: HELO c.example",
                        "S* 250 *",
                        "C: MAIL FROM:<a@example.com>",
                        "S: 250 *",
                        "C: RCPT TO:<alice@example.org>",
                        "S: 250 *",
                        "C: DATA",
                        "S: 354 *",
                        "C: .",
                        "S: 250 *")
                .world();
        SpooledMessage message = onlyMessage(world);
        assertThat(message.trace()).doesNotContain("Date:", "Message-ID:");
        assertThat(message.origin().protocol()).isEqualTo("SMTP");
    }

    @ParameterizedTest
    @CsvSource({
        "MX, true, false, ESMTP",
        "MX, false, false, SMTP",
        "MX, true, true, UTF8SMTP",
        "LMTP, true, false, LMTP",
        "LMTP, true, true, UTF8LMTP",
    })
    void transmissionTypeTellsHowAMessageCame(ListenerRole role, boolean extended, boolean utf8, String type) {
        var memory = new dev.postern.wire.Endpoint.Memory("x");
        var facts = dev.postern.policy.SessionFacts.of(new QueueId(1), role, memory, memory)
                .withGreeting(new dev.postern.policy.SessionFacts.Greeting("c.example", extended));
        assertThat(Origins.of(facts, utf8).protocol()).isEqualTo(type);
        var secured = facts.secured(new dev.postern.wire.TlsState("TLSv1.3", "TLS_AES_128_GCM_SHA256", null));
        String base = type.equals("SMTP") ? "ESMTP" : type;
        assertThat(Origins.of(secured, utf8).protocol()).isEqualTo(base + "S");
        assertThat(Origins.of(secured.withUser("alice"), utf8).protocol()).isEqualTo(base + "SA");
    }

    @Test
    void passwordsStandInNoEventAndNoDecision() throws Exception {
        DialoguePlayer player = played(
                "@ role submissions",
                "@ over tcp",
                "S: 220 *",
                "C: EHLO c.example",
                "S* 250 *",
                "C: AUTH PLAIN AGFsaWNlAGh1bnRlcjI=",
                "S: 535 5.7.8 *",
                "C: AUTH LOGIN YWxpY2U=",
                "S: 334 *",
                "C: aHVudGVyMg==",
                "S: 535 5.7.8 *");
        String everything = player.world().events.toString() + player.world().kept;
        assertThat(everything).contains("alice").doesNotContain("hunter2", "aHVudGVyMg", "AGFsaWNl");
    }

    @Test
    void aliasIsExpandedAndItsOriginIsRemembered() throws Exception {
        World world = played(
                        "S: 220 *",
                        "C: EHLO c.example",
                        "S* 250 *",
                        "C: MAIL FROM:<a@example.com>",
                        "S: 250 *",
                        "C: RCPT TO:<forward@example.org>",
                        "S: 250 *",
                        "C: BDAT 2 LAST",
                        "C> \\r\\n",
                        "S: 250 *")
                .world();
        assertThat(onlyMessage(world).recipients()).singleElement().satisfies(state -> {
            assertThat(state.recipient().path())
                    .isEqualTo(Mailbox.of("dave", dev.postern.dns.DomainName.of("example.net")));
            assertThat(state.originally()).hasValue("forward@example.org");
        });
    }
}
