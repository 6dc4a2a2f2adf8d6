package dev.postern.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.PasswordHash;
import dev.postern.dns.DomainName;
import dev.postern.sasl.CredentialCheck.Outcome;
import dev.postern.sasl.ScramLookup.Finding;
import dev.postern.smtp.Mailbox;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccountsTest extends AccountBackEndContract {
    private static final DomainName DOMAIN = DomainName.of("example.org");
    private static final AccountSecrets SECRETS =
            AccountSecrets.make("open sesame", new SecureRandom()).orElseThrow();
    private static final AccountTable TABLE = AccountTable.empty()
            .with(new Account(
                    Mailbox.of("alice", DOMAIN), Optional.of(SECRETS), List.of("sales@example.org", "@shop.example")))
            .with(new Account(
                    Mailbox.of("josé", DOMAIN), AccountSecrets.make("pässwörd", new SecureRandom()), List.of()))
            .with(new Account(Mailbox.of("postmaster", DOMAIN), Optional.empty(), List.of()));

    private final Accounts accounts = new Accounts(TABLE, Runnable::run);

    @Override
    AccountBackEnd backEnd() {
        return accounts;
    }

    @Test
    void passwordSetBeforeThereWasScramIsTakenAsItWasTypedAndHasNoKeys() {
        String typed = "pa\u0308sswo\u0308rd";
        AccountTable old = AccountTable.parse(
                        "old@example.org " + PasswordHash.make(typed, new SecureRandom()) + " sales@example.org\n")
                .table();
        Accounts before = new Accounts(old, Runnable::run);

        assertThat(before.hasKeys()).isFalse();
        assertThat(before.check("old@example.org", typed)).isEqualTo(new Outcome.Known("old@example.org"));
        assertThat(before.check("old@example.org", "pässwörd")).isEqualTo(new Outcome.Wrong());
        assertThat(before.keysOf("old@example.org")).isEqualTo(new Finding.Unknown("old@example.org"));
    }

    @Test
    void whoDoesNotExistCostsAsManyHashesAsAWrongPassword() {
        AtomicInteger hashes = new AtomicInteger();
        Accounts counted = new Accounts(TABLE, task -> {
            hashes.incrementAndGet();
            task.run();
        });

        for (String user :
                List.of("alice@example.org", "postmaster@example.org", "mallory@example.org", "no address")) {
            int before = hashes.get();
            assertThat(counted.check(user, "wrong")).isEqualTo(new Outcome.Wrong());
            assertThat(hashes.get() - before).as(user).isEqualTo(1);
        }
    }

    @Test
    void passwordThatCannotBePreparedHasNoSecrets() {
        assertThat(AccountSecrets.make("a\u0000b", new SecureRandom())).isEmpty();
        assertThat(AccountSecrets.make("\u00AD", new SecureRandom())).isEmpty();
    }

    /// Each is wrong behind the address; the line is named and the others are kept.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{hash} {hash}x y",
                "{keys}",
                "{keys} {hash}",
                "! {keys}",
                "{hash} {keys} {keys} a@example.org",
                "{hash} {keys} a@example.org b@example.org",
                "{hash} SCRAM-SHA-256$4096:short$x:y",
                "! ! !"
            })
    void lineWithSecretsOutOfOrderIsAFault(String pattern) {
        String line = pattern.replace("{hash}", SECRETS.hash().toString())
                .replace("{keys}", SECRETS.scram().orElseThrow().toString());

        AccountTable.Parsed parsed = AccountTable.parse("bob@example.org !\nalice@example.org " + line + "\n");

        assertThat(parsed.faults()).extracting(AccountTable.Fault::line).containsExactly(2);
        assertThat(parsed.table().all()).hasSize(1);
    }

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
