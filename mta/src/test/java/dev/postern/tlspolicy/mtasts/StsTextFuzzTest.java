package dev.postern.tlspolicy.mtasts;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Any octets as a record, a policy file, and a file of policies that are kept: what is read is written so that it is
/// read again as the same.
class StsTextFuzzTest {
    private static String text(FuzzedDataProvider data) {
        return new String(data.consumeRemainingAsBytes(), StandardCharsets.ISO_8859_1);
    }

    @FuzzTest
    void records(FuzzedDataProvider data) {
        String text = text(data);
        Optional<StsRecord> read = StsRecord.parse(text);
        read.ifPresent(record -> {
            assertThat(text).startsWith("v=STSv1").contains("id=" + record.id());
            assertThat(StsRecord.parse("v=STSv1; id=" + record.id() + ";")).contains(record);
            assertThat(StsRecord.of(List.of(text, "v=DKIM1"))).isEqualTo(new StsRecord.Result.Announced(record));
        });
    }

    @FuzzTest
    void policies(FuzzedDataProvider data) {
        String file = text(data);
        switch (PolicyParser.parse(file)) {
            case PolicyParser.Result.Good good -> {
                assertThat(PolicyParser.parse(String.join("\r\n", good.policy().lines())))
                        .isEqualTo(good);
                assertThat(plainMode(file)).isEqualTo(good.policy().mode().word());
            }
            case PolicyParser.Result.Bad bad ->
                assertThat(bad.why()).isNotBlank().matches(why -> why.chars().noneMatch(Character::isISOControl));
        }
    }

    /// The mode as a plain reading has it.
    private static String plainMode(String file) {
        return Arrays.stream(file.split("\n", -1))
                .filter(line -> line.startsWith("mode:"))
                .map(line -> line.substring("mode:".length()).strip())
                .findFirst()
                .orElse("none at all");
    }

    @FuzzTest
    void keptPolicies(FuzzedDataProvider data) {
        switch (KeptText.parse(data.consumeRemainingAsBytes())) {
            case KeptText.Result.Good good ->
                assertThat(KeptText.parse(KeptText.of(good.policies()).getBytes(StandardCharsets.US_ASCII)))
                        .isEqualTo(new KeptText.Result.Good(good.policies(), 0));
            case KeptText.Result.Bad bad -> assertThat(bad.why()).isNotBlank();
        }
    }
}
