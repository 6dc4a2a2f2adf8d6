package dev.postern.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RfcIndexTest {

    private final RfcIndex index =
            RfcIndex.parse(List.of("# number\ttitle\tstatus", "5321\tSMTP\tpartial\tremark", "822\tMail\tno"));

    @Test
    void listedReferencesAreFine() {
        assertThat(index.unlisted("RFC 5321 §4.5.2, RFC5321, @rfc 822 §3, rfc733;a@b, RFC 12 and 6531"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "RFC 6531",
                "RFC6531",
                "RFC\u00a06531",
                "@rfc 6531",
                "@rfc  6531",
                "@spec rfc6531",
                "@spec https://example.org/rfc/rfc6531"
            })
    void unlistedReferenceIsNamed(String reference) {
        assertThat(index.unlisted("As " + reference + " §3 and RFC 5321 say")).containsExactly("6531");
    }

    @ParameterizedTest
    @ValueSource(strings = {"6531", "6531\tSMTPUTF8", "6531\tSMTPUTF8\tmaybe", "5321\tSMTP\tyes"})
    void lineThatSaysTooLittleOrSaysItTwiceIsRefused(String line) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RfcIndex.parse(List.of("5321\tSMTP\tyes", line)))
                .withMessageContaining(line.substring(0, 4));
    }
}
