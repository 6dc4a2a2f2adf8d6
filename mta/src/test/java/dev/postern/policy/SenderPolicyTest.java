package dev.postern.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DomainName;
import dev.postern.smtp.MailParameters;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.NullPath;
import dev.postern.smtp.ReversePath;
import dev.postern.spool.QueueId;
import dev.postern.wire.Endpoint;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SenderPolicyTest {

    private static final SenderRights RIGHTS = user -> switch (user) {
        case "own" -> List.of(new SenderRights.Right.Address(mailbox("own@example.org")));
        case "list" ->
            List.of(
                    new SenderRights.Right.Address(mailbox("list@example.org")),
                    new SenderRights.Right.Address(mailbox("sales@example.com")));
        case "domain" -> List.of(new SenderRights.Right.Domain(DomainName.of("example.org")));
        case "any" -> SenderRights.unbound().of(user);
        default -> List.of();
    };

    private static final SessionFacts STRANGER = SessionFacts.of(
            new QueueId(1), ListenerRole.SUBMISSION, new Endpoint.Memory("server"), new Endpoint.Memory("client"));

    private static Mailbox mailbox(String address) {
        int at = address.indexOf('@');
        return Mailbox.of(address.substring(0, at), DomainName.of(address.substring(at + 1)));
    }

    private static Verdict mail(SessionFacts session, ReversePath sender, SenderPolicy.NullSender nullSender) {
        return new SenderPolicy(RIGHTS, nullSender).mail(session, new MailFacts(sender, MailParameters.none()));
    }

    @ParameterizedTest
    @CsvSource({
        "own, own@example.org, true",
        "own, OWN@EXAMPLE.org, true",
        "own, own+tag@example.org, true",
        "own, other@example.org, false",
        "own, own@example.com, false",
        "own, own@sub.example.org, false",
        "own, owner@example.org, false",
        "own, +own@example.org, false",
        "list, list@example.org, true",
        "list, sales@example.com, true",
        "list, sales@example.org, false",
        "domain, anybody@example.org, true",
        "domain, anybody@sub.example.org, false",
        "domain, anybody@example.com, false",
        "any, ceo@example.net, true",
        "unknown, own@example.org, false",
    })
    void senderBelongsToTheUserOrNot(String user, String sender, boolean allowed) {
        Verdict verdict = mail(STRANGER.withUser(user), mailbox(sender), SenderPolicy.NullSender.REFUSED);
        if (allowed) {
            assertThat(verdict).isInstanceOf(Verdict.Accept.class);
        } else {
            assertThat(verdict)
                    .isInstanceOfSatisfying(
                            Verdict.Reject.class,
                            reject -> assertThat(reject.reply().toString()).startsWith("550 5.7.1 this sender"));
        }
    }

    @Test
    void nullSenderIsAChoice() {
        SessionFacts user = STRANGER.withUser("own");
        assertThat(mail(user, new NullPath(), SenderPolicy.NullSender.REFUSED)).isInstanceOf(Verdict.Reject.class);
        assertThat(mail(user, new NullPath(), SenderPolicy.NullSender.ALLOWED)).isInstanceOf(Verdict.Accept.class);
    }

    @Test
    void whoHasNotLoggedInIsNotItsBusiness() {
        assertThat(mail(STRANGER, mailbox("own@example.org"), SenderPolicy.NullSender.REFUSED)
                        .isOpinion())
                .isFalse();
    }
}
