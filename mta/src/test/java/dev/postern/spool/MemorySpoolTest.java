package dev.postern.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemorySpoolTest extends SpoolContract {
    @Override
    protected Spool open(Retention retention) {
        return new MemorySpool(clock, retention, Long.MAX_VALUE);
    }

    @Test
    void aSpoolWithoutRoomIsFullAndTakesAgainWhenThereIsSome() throws IOException {
        try (MemorySpool small = new MemorySpool(clock, Retention.byDefault(), 1000)) {
            SpooledMessage first = TestMessages.simple(small.nextId(), clock.instant());
            commit(small, first, 900);
            SpooledMessage second = TestMessages.simple(small.nextId(), clock.instant());
            assertThatExceptionOfType(SpoolException.Full.class).isThrownBy(() -> commit(small, second, 200));
            assertThat(small.count()).isEqualTo(1);
            small.commit(List.of(new SpoolChange.Remove(first)));
            commit(small, second, 200);
            assertThat(small.find(second.id())).contains(second);
        }
    }

    private static void commit(Spool spool, SpooledMessage message, int size) throws IOException {
        try (ContentDraft draft = spool.draft(message.id())) {
            draft.write(new byte[size], 0, size);
            spool.commit(List.of(new SpoolChange.Insert(message, draft)));
        }
    }
}
