package dev.postern.acme;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

/// Any text as a journal: what is read is written so that it is read again as the same.
class AcmeJournalFuzzTest {
    @FuzzTest
    void journal(FuzzedDataProvider data) {
        AcmeJournal.parse(data.consumeRemainingAsString())
                .ifPresent(
                        journal -> assertThat(AcmeJournal.parse(journal.text())).contains(journal));
    }
}
