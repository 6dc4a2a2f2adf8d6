package dev.postern.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.postern.dns.DomainName;
import dev.postern.smtp.Mailbox;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Any text as an aliases file: it is read, or has faults; and what was read makes a table, or has faults.
class AliasesFuzzTest {
    private static final DomainName OURS = DomainName.of("ours.example");

    @FuzzTest
    void aliases(FuzzedDataProvider data) {
        switch (Aliases.parse(data.consumeRemainingAsString(), true)) {
            case Aliases.Good good ->
                AddressTable.of(new AddressSettings(
                        List.of(OwnDomain.of(OURS, "maildir", InboxLookup.none())),
                        List.of(),
                        good.aliases(),
                        Optional.of(Mailbox.of("a", OURS)),
                        Set.of(),
                        "+"));
            case Aliases.Bad bad -> assertThat(bad.faults()).isNotEmpty();
        }
    }
}
