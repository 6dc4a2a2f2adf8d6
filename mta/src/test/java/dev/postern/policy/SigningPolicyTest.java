package dev.postern.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DomainName;
import dev.postern.forward.OnwardCopies;
import dev.postern.message.MessageHeader;
import dev.postern.message.MessageStamp;
import dev.postern.message.Stamps;
import dev.postern.smtp.Envelope;
import dev.postern.smtp.MailParameters;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.NullPath;
import dev.postern.smtp.Recipient;
import dev.postern.spool.Content;
import dev.postern.spool.QueueId;
import dev.postern.wire.Endpoint;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SigningPolicyTest {
    private static final DomainName ORG = DomainName.of("example.org");
    private static final SenderRights RIGHTS =
            user -> List.of(new SenderRights.Right.Address(Mailbox.parse(user).orElseThrow()));

    /// Stamps a field that names what it saw: the number of fields and of octets of the body.
    private static final MessageStamp STAMP = new MessageStamp() {
        @Override
        public Stamping begin(MessageHeader header) {
            return new Stamping() {
                private int octets;

                @Override
                public void body(byte[] piece, int offset, int length) {
                    octets += length;
                }

                @Override
                public String finish(Instant now) {
                    return "Signed: " + header.fields().size() + " " + octets + "\r\n";
                }
            };
        }
    };

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            alice@example.org | From: alice@example.org              | Signed: 2 6 | signed
            alice@example.org | From: Alice <alice+x@example.org>    | Signed: 2 6 | signed
            alice@example.org | From: bob@example.org                |             | not signed: the author does not belong
            alice@example.org | From: alice@example.org, bob@example.org |         | not signed: the author does not belong
            alice@example.org | From: alice@example.com              |             | not signed: there is no key
            alice@example.org | X: 1                                 |             | not signed: nobody can tell
            a@sub.example.org | From: a@sub.example.org              | Signed: 2 6 | signed
            a@xexample.org    | From: a@xexample.org                 |             | not signed: there is no key
            listed            | From: ceo@example.org                | Signed: 2 6 | signed
            stranger          | From: ceo@example.org                |             |
            """)
    void onlyWhatOurUsersWriteInTheirOwnNameIsSigned(String who, String from, String stamped, String why) {
        Stamps stamps = new Stamps();
        stamps.add("Date: now\r\n");
        Verdict verdict = content(who, from + "\r\n\r\nHello\n", stamps);
        assertThat(stamps.text()).isEqualTo(stamped == null ? "Date: now\r\n" : stamped + "\r\nDate: now\r\n");
        assertThat(verdict).isInstanceOf(Verdict.Accept.class);
        assertThat(verdict.why()).startsWith(why == null ? "" : why);
        assertThat(verdict.isOpinion()).isEqualTo(why != null);
    }

    @Test
    void nothingIsSignedWithoutKeys() {
        Stamps stamps = new Stamps();
        SigningPolicy policy =
                new SigningPolicy(session -> true, RIGHTS, Signers.none(), InstantSource.fixed(Instant.EPOCH));
        assertThat(policy.content(session("listed"), facts("From: a@example.org\r\n\r\n", stamps))
                        .isOpinion())
                .isFalse();
        assertThat(stamps.text()).isEmpty();
    }

    private static Verdict content(String who, String message, Stamps stamps) {
        SigningPolicy policy = new SigningPolicy(
                session -> !who.equals("stranger"),
                RIGHTS,
                new Signers(Map.of(ORG, STAMP)),
                InstantSource.fixed(Instant.EPOCH));
        return policy.content(session(who), facts(message, stamps));
    }

    private static SessionFacts session(String who) {
        SessionFacts session = SessionFacts.of(
                new QueueId(1), ListenerRole.SUBMISSION, new Endpoint.Memory("server"), new Endpoint.Memory("client"));
        return who.indexOf('@') < 0 ? session : session.withUser(who);
    }

    private static ContentFacts facts(String message, Stamps stamps) {
        Envelope envelope = new Envelope(
                new NullPath(),
                MailParameters.none(),
                List.of(Recipient.of(Mailbox.of("joe", DomainName.of("receiver.example")))));
        return new ContentFacts(
                new QueueId(2),
                envelope,
                Content.of(message.getBytes(StandardCharsets.ISO_8859_1)),
                stamps,
                new OnwardCopies(),
                new Findings());
    }
}
