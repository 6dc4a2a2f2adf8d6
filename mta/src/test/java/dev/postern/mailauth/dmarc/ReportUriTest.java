package dev.postern.mailauth.dmarc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReportUriTest {
    @ParameterizedTest
    @CsvSource({
        "mailto:a@x.example!0, 0, mailto:a@x.example!0",
        "mailto:a@x.example!1000, 1000, mailto:a@x.example!1000",
        "mailto:a@x.example!1024, 1024, mailto:a@x.example!1k",
        "mailto:a@x.example!10M, 10485760, mailto:a@x.example!10m",
        "mailto:a@x.example!2g, 2147483648, mailto:a@x.example!2g",
        "mailto:a@x.example!1024g, 1099511627776, mailto:a@x.example!1t",
        "mailto:a@x.example!99999999999999999999, , mailto:a@x.example",
        "mailto:a@x.example!99999999999t, , mailto:a@x.example",
        "mailto:a@x.example, , mailto:a@x.example",
    })
    void limitIsReadInPowersOfTwo(String text, Long limit, String written) {
        ReportUri uri = DmarcRecord.parse("v=DMARC1; p=none; rua=" + text)
                .orElseThrow()
                .reporting()
                .aggregate()
                .getFirst();
        assertThat(uri.limit()).isEqualTo(limit == null ? OptionalLong.empty() : OptionalLong.of(limit));
        assertThat(uri).hasToString(written);
        if (limit != null) {
            assertThat(uri.takes(limit)).isTrue();
            assertThat(uri.takes(limit + 1)).isFalse();
        }
        assertThat(uri.takes(0)).isTrue();
    }

    @Test
    void onlyMailtoIsAnInbox() {
        assertThat(ReportUri.of(URI.create("mailto:a%21b@x.example?subject=d")).mailbox())
                .hasValueSatisfying(mailbox -> assertThat(mailbox).hasToString("a!b@x.example"));
        assertThat(ReportUri.of(URI.create("https://x.example/a@b.example")).mailbox())
                .isEmpty();
    }

    @Test
    void placeIsAbsoluteAndItsLimitNoDebt() {
        assertThatIllegalArgumentException().isThrownBy(() -> ReportUri.of(URI.create("a@x.example")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ReportUri(URI.create("mailto:a@x.example"), OptionalLong.of(-1)));
    }
}
