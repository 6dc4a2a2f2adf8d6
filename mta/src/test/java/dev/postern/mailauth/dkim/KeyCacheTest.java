package dev.postern.mailauth.dkim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KeyCacheTest {
    private final KeyCache cache = new KeyCache();
    private final List<String> read = new ArrayList<>();

    private ReadKey get(String record, DkimAlgorithm algorithm) {
        return cache.get(new KeyCache.Text(record, algorithm), text -> {
            read.add(text.record());
            return ReadKey.of(text.record(), text.algorithm(), DkimSettings.usual(), Optional.empty());
        });
    }

    private ReadKey get(String record) {
        return get(record, DkimAlgorithm.RSA_SHA256);
    }

    @Test
    void recordIsReadOnceAndWhatIsNoneToo() {
        String record = Forge.RSA.record();
        ReadKey first = get(record);
        assertThat(first).isInstanceOf(ReadKey.Usable.class);
        assertThat(get(record)).isSameAs(first);
        assertThat(get("no record")).isInstanceOf(ReadKey.Unusable.class);
        get("no record");
        assertThat(read).containsExactly(record, "no record");
    }

    @Test
    void recordMeansSomethingElseToAnotherAlgorithm() {
        String record = Forge.RSA.record();
        assertThat(get(record)).isInstanceOf(ReadKey.Usable.class);
        assertThat(get(record, DkimAlgorithm.ED25519_SHA256)).isInstanceOf(ReadKey.Unusable.class);
        assertThat(get(record)).isInstanceOf(ReadKey.Usable.class);
    }

    @Test
    void whatWasUsedLastIsKept() {
        get("used");
        get("unused");
        for (int i = 0; i < KeyCache.MOST - 1; i++) {
            get("p=" + i);
            get("used");
        }
        read.clear();
        get("used");
        assertThat(read).isEmpty();
        get("unused");
        assertThat(read).containsExactly("unused");
    }

    @Test
    void longRecordTakesNoMemory() {
        String longest = "p=".repeat(KeyCache.LONGEST / 2);
        get(longest);
        get(longest);
        assertThat(read).hasSize(1);
        get(longest + " ");
        get(longest + " ");
        assertThat(read).hasSize(3);
    }
}
