package dev.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.smtp.EnhancedStatus;
import dev.postern.smtp.Reply;
import dev.postern.smtpclient.RecipientResult;
import dev.postern.smtpclient.Step;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SendCommandTest {
    static Stream<Arguments> results() {
        EnhancedStatus status = EnhancedStatus.parse("5.7.30").orElseThrow();
        return Stream.of(
                Arguments.of(new RecipientResult.Taken(Reply.of(250, "2.0.0", "queued")), "taken: 250 2.0.0 queued"),
                Arguments.of(
                        new RecipientResult.Refused(Step.RCPT, Reply.of(550, "5.1.1", "nobody")),
                        "refused in reply to RCPT TO: 550 5.1.1 nobody"),
                Arguments.of(
                        new RecipientResult.Unfit(status, "it has no REQUIRETLS"),
                        "not sent: 5.7.30 it has no REQUIRETLS"),
                Arguments.of(
                        new RecipientResult.Unprotected(status, "it has no TLS"), "not sent: 5.7.30 it has no TLS"),
                Arguments.of(
                        new RecipientResult.Unanswered(Step.MAIL, "time is up", false),
                        "no answer to MAIL FROM: time is up"),
                Arguments.of(
                        new RecipientResult.Unanswered(Step.CONTENT, "time is up", true),
                        "no answer to the end of the message: time is up; it may have been taken all the same"),
                Arguments.of(new RecipientResult.Unreadable("it is gone"), "not sent: it is gone"));
    }

    @ParameterizedTest
    @MethodSource("results")
    void whatCameOfARecipientIsSaidInWords(RecipientResult result, String words) {
        assertThat(SendCommand.words(result)).isEqualTo(words);
    }
}
