package dev.postern.guard;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/// Any octets as a file of bans: they are read or not, and what was read is written so that it is read again as the
/// same.
class BanTextFuzzTest {
    @FuzzTest
    void bans(FuzzedDataProvider data) {
        switch (BanText.parse(data.consumeRemainingAsBytes())) {
            case BanText.Result.Good good ->
                assertThat(BanText.parse(BanText.of(good.bans()).getBytes(StandardCharsets.US_ASCII)))
                        .isEqualTo(good);
            case BanText.Result.Bad bad ->
                assertThat(bad.why()).isNotBlank().matches(why -> why.chars().noneMatch(Character::isISOControl));
        }
    }
}
