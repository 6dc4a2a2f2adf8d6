package dev.postern.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

/// Any account file: it is read or its faults are named, and what was read is written so that it is read again.
class AccountTableFuzzTest {
    @FuzzTest
    void files(FuzzedDataProvider data) {
        AccountTable.Parsed parsed = AccountTable.parse(data.consumeRemainingAsString());
        parsed.faults().forEach(fault -> assertThat(fault.line()).isPositive());
        AccountTable.Parsed again = AccountTable.parse(parsed.table().toText());
        assertThat(again.faults()).isEmpty();
        assertThat(again.table().all()).containsExactlyElementsOf(parsed.table().all());
        parsed.table().all().forEach(account -> {
            String name = account.inbox().toString();
            assertThat(parsed.table().named(name)).isPresent();
            assertThat(AccountTable.canonical(AccountTable.canonical(name))).isEqualTo(AccountTable.canonical(name));
        });
    }
}
