package dev.postern.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.postern.event.Events;
import dev.postern.kept.MemoryStore;
import dev.postern.queue.Holds.Hold;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.ReversePath;
import dev.postern.spool.ManualClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HoldsTest {
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

    private static Hold hold(String kind, String name) {
        return new Hold(HoldRule.of(kind, name), NOON, "because of tests");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "lane, mx:one.example, mx:one.example, bob@one.example, <a@b.example>, mx:one.example",
                "lane, mx:one.example, mx:two.example, bob@two.example, <a@b.example>, -",
                "domain, One.Example, mx:hub.example, bob@one.example, <a@b.example>, held:domain:one.example",
                "domain, one.example, mx:hub.example, bob@sub.one.example, <a@b.example>, -",
                "sender, A@B.example, mx:hub.example, bob@one.example, <a@b.example>, held:sender:a@b.example",
                "sender, a@b.example, mx:hub.example, bob@one.example, <aa@b.example>, -",
                "sender, @b.example, mx:hub.example, bob@one.example, <any@B.example>, held:sender:@b.example",
                "sender, @b.example, mx:hub.example, bob@one.example, <any@sub.b.example>, -",
                "sender, <>, mx:hub.example, bob@one.example, <>, held:sender:<>",
                "sender, @b.example, mx:hub.example, bob@one.example, <>, -",
            })
    void aRuleKeepsBackWhatItNamesAndNothingElse(
            String kind, String name, String lane, String to, String from, String waitsIn) {
        Holds holds = new Holds(List.of(hold(kind, name)));
        assertThat(holds.holding(
                                lane,
                                Mailbox.parse(to).orElseThrow(),
                                ReversePath.parse(from.substring(1, from.length() - 1))
                                        .orElseThrow())
                        .map(HoldRule::lane))
                .isEqualTo(java.util.Optional.ofNullable(waitsIn));
    }

    @ParameterizedTest
    @CsvSource({
        "lane, ''",
        "lane, a b",
        "lane, held:domain:one.example",
        "domain, one..example",
        "domain, ''",
        "sender, bob",
        "sender, @",
        "sender, @one..example",
        "sender, a b@one.example",
        "recipient, bob@one.example",
    })
    void whatIsNoRuleIsRefused(String kind, String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> HoldRule.of(kind, name));
    }

    @Test
    void rulesAreReadAsTheyWereWritten() {
        List<Hold> holds = List.of(
                hold("lane", "host:in side".replace(' ', '-')), hold("domain", "one.example"), hold("sender", "<>"));
        assertThat(HoldText.parse(HoldText.of(holds).getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(holds);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "postern-holds 1\n",
                "postern-holds 1\nend 1\n",
                "postern-holds 1\nend 0",
                "postern-holds 2\nend 0\n",
                "postern-holds 1\ndomain one.example 2026-06-01T12:00:00Z\nend 1\n",
                "postern-holds 1\ndomain one.example noon why\nend 1\n",
                "postern-holds 1\ndomain one..example 2026-06-01T12:00:00Z why\nend 1\n",
                "postern-holds 1\nuser bob 2026-06-01T12:00:00Z why\nend 1\n",
                "postern-holds 1\ndomain one.example 2026-06-01T12:00:00Z why\nend 2\n",
            })
    void rulesThatCannotBeReadKeepTheServerFromStarting(String text) {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> new HoldBook(MemoryStore.with(text), ManualClock.atNoon(), Events.none()))
                .withMessageContaining("the rules that keep mail back, in kept.test, cannot be read: ");
    }
}
