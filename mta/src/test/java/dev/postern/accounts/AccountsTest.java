package dev.postern.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DomainName;
import dev.postern.sasl.CredentialCheck.Outcome;
import dev.postern.smtp.Mailbox;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccountsTest {
    private static final DomainName DOMAIN = DomainName.of("example.org");
    private static final AccountSecrets SECRETS =
            AccountSecrets.make("open sesame", new SecureRandom()).orElseThrow();
    private static final AccountTable TABLE = AccountTable.empty()
            .with(new Account(
                    Mailbox.of("alice", DOMAIN), Optional.of(SECRETS), List.of("sales@example.org", "@shop.example")))
            .with(new Account(Mailbox.of("postmaster", DOMAIN), Optional.empty(), List.of()));

    private final Accounts accounts = new Accounts(TABLE, Runnable::run);

    @ParameterizedTest
    @CsvSource({
        "alice@example.org, open sesame, true",
        "ALICE@Example.ORG, open sesame, true",
        "alice@example.org, open sesamf, false",
        "bob@example.org, open sesame, false",
        "alice, open sesame, false",
        "postmaster@example.org, a password that nobody has, false",
        "nobody@example.org, a password that nobody has, false"
    })
    void onlyTheRightPasswordOfAnAccountWithALoginIsKnown(String user, String password, boolean known) {
        assertThat(accounts.check(user, password))
                .isEqualTo(known ? new Outcome.Known("alice@example.org") : new Outcome.Wrong());
    }

    @Test
    void aFullPoolIsNotAWrongPassword() {
        Accounts busy = new Accounts(TABLE, task -> {
            throw new RejectedExecutionException("full");
        });

        assertThat(busy.check("alice@example.org", "open sesame")).isInstanceOf(Outcome.Unavailable.class);
    }

    @Test
    void theTextOfATableIsReadAsTheSameTable() {
        AccountTable.Parsed parsed = AccountTable.parse(TABLE.toText());

        assertThat(parsed.faults()).isEmpty();
        assertThat(parsed.table().all()).containsExactlyElementsOf(TABLE.all());
    }

    @Test
    void everyBadLineIsNamedAndTheGoodOnesAreKept() {
        AccountTable.Parsed parsed = AccountTable.parse("""
                # people
                alice@example.org !
                not-an-address !
                bob@example.org plaintext
                alice@example.org !
                carol@example.org
                """);

        assertThat(parsed.table().all()).extracting(a -> a.inbox().toString()).containsExactly("alice@example.org");
        assertThat(parsed.faults()).extracting(AccountTable.Fault::line).containsExactly(3, 4, 5, 6);
    }
}
