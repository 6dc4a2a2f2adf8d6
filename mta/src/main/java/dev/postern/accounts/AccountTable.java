package dev.postern.accounts;

import dev.postern.crypto.PasswordHash;
import dev.postern.dns.DomainName;
import dev.postern.sasl.SaslPrep;
import dev.postern.sasl.ScramKeys;
import dev.postern.smtp.Host;
import dev.postern.smtp.LocalPart;
import dev.postern.smtp.Mailbox;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The accounts of the account file, by address. A value; a change makes a new one.
///
/// A line of the file is `ADDRESS HASH [SCRAM] [SENDER,SENDER…]`: the Argon2id hash of the password, and its SCRAM keys
/// ({@link ScramKeys}) unless it was set before there was SCRAM; `!` in the place of both for an inbox without a login;
/// `#` begins a comment. Addresses are found whatever their case.
public final class AccountTable {
    private final Map<String, Account> byAddress;

    private final Map<String, Account> byName = new HashMap<>();
    private final boolean hasKeys;

    private AccountTable(Map<String, Account> byAddress) {
        this.byAddress = Collections.unmodifiableMap(byAddress);
        byAddress
                .values()
                .forEach(account -> byName.put(canonical(account.inbox().toString()), account));
        this.hasKeys = byAddress.values().stream()
                .anyMatch(account ->
                        account.secrets().flatMap(AccountSecrets::scram).isPresent());
    }

    /// What is wrong with one line of the account file.
    ///
    /// @param line counted from 1
    /// @param message what is wrong and what to write instead
    public record Fault(int line, String message) {}

    /// A table, or everything that is wrong with it.
    ///
    /// @param table the accounts of the good lines
    /// @param faults none if all is well
    public record Parsed(AccountTable table, List<Fault> faults) {
        public Parsed {
            faults = List.copyOf(faults);
        }
    }

    /// The table without an account.
    public static AccountTable empty() {
        return new AccountTable(new TreeMap<>());
    }

    /// Reads the text of an account file.
    public static Parsed parse(String text) {
        Map<String, Account> accounts = new TreeMap<>();
        List<Fault> faults = new ArrayList<>();
        int number = 0;
        for (String raw : text.split("\n", -1)) {
            number++;
            String line = raw.strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String[] fields = line.split("\\s+", -1);
            Optional<Mailbox> inbox = inbox(fields[0]);
            Optional<Proofs> proofs = proofs(fields);
            if (inbox.isEmpty()) {
                faults.add(new Fault(number, "\"" + fields[0] + "\" is not an address; write name@domain"));
            } else if (proofs.isEmpty()) {
                faults.add(new Fault(
                        number,
                        "expected: address, Argon2id hash or !, senders; set the password with \"postern user passwd "
                                + fields[0] + "\""));
            } else if (accounts.containsKey(key(inbox.get()))) {
                faults.add(new Fault(number, inbox.get() + " stands twice; remove one of the lines"));
            } else {
                accounts.put(
                        key(inbox.get()),
                        new Account(
                                inbox.get(),
                                proofs.get().secrets(),
                                proofs.get().senders()));
            }
        }
        return new Parsed(new AccountTable(accounts), faults);
    }

    /// What stands behind the address of a line.
    private record Proofs(Optional<AccountSecrets> secrets, List<String> senders) {}

    private static Optional<Proofs> proofs(String[] fields) {
        if (fields.length < 2) {
            return Optional.empty();
        }
        Optional<PasswordHash> hash = PasswordHash.parse(fields[1]);
        boolean hasKeys = fields.length > 2 && fields[2].startsWith(ScramKeys.PREFIX);
        Optional<ScramKeys> keys = hasKeys ? ScramKeys.parse(fields[2]) : Optional.empty();
        int behind = hasKeys ? 3 : 2;
        boolean noLogin = fields[1].equals("!") && !hasKeys;
        if ((hash.isEmpty() && !noLogin) || (hasKeys && keys.isEmpty()) || fields.length > behind + 1) {
            return Optional.empty();
        }
        List<String> senders = fields.length > behind
                ? List.of(fields[behind].toLowerCase(Locale.ROOT).split(",", -1))
                : List.of();
        return Optional.of(new Proofs(hash.map(made -> new AccountSecrets(made, keys)), senders));
    }

    /// One name for all the ways to write the name of one user: the address in lower case, prepared (RFC 4013) where
    /// that is possible, and the text where it is no address.
    static String canonical(String user) {
        String prepared = SaslPrep.query(user).orElse(user);
        return inbox(prepared).map(Mailbox::toString).orElseGet(() -> prepared.toLowerCase(Locale.ROOT));
    }

    /// The inbox that a text names, in lower case: an address at a domain whose local part needs no
    /// quotes; empty if it is none.
    public static Optional<Mailbox> inbox(String text) {
        int at = text.lastIndexOf('@');
        if (at < 1) {
            return Optional.empty();
        }
        Optional<DomainName> domain = DomainName.parse(text.substring(at + 1)).filter(DomainName::isHostName);
        try {
            LocalPart local = new LocalPart(text.substring(0, at).toLowerCase(Locale.ROOT));
            return domain.filter(d -> local.toString().equals(local.value()))
                    .map(d -> new Mailbox(local, new Host.Domain(d)));
        } catch (IllegalArgumentException notALocalPart) {
            return Optional.empty(); // the exception is how LocalPart says "no"
        }
    }

    /// The account of an address, whatever its case.
    public Optional<Account> find(Mailbox address) {
        return Optional.ofNullable(byAddress.get(key(address)));
    }

    /// The account that somebody means who logs in under a name, however it is written.
    Optional<Account> named(String user) {
        return Optional.ofNullable(byName.get(canonical(user)));
    }

    /// Whether any account can log in by SCRAM.
    boolean hasKeys() {
        return hasKeys;
    }

    /// All accounts in the order of their addresses.
    public Collection<Account> all() {
        return byAddress.values();
    }

    /// This table with an account added or replaced.
    public AccountTable with(Account account) {
        Map<String, Account> next = new TreeMap<>(byAddress);
        next.put(key(account.inbox()), account);
        return new AccountTable(next);
    }

    /// This table without the account of an address.
    public AccountTable without(Mailbox address) {
        Map<String, Account> next = new TreeMap<>(byAddress);
        next.remove(key(address));
        return new AccountTable(next);
    }

    /// The text of the account file.
    public String toText() {
        StringBuilder text =
                new StringBuilder("# address, Argon2id hash and SCRAM keys (or ! for no login), further senders\n");
        byAddress.values().forEach(account -> text.append(account.toLine()).append('\n'));
        return text.toString();
    }

    private static String key(Mailbox address) {
        return address.toString().toLowerCase(Locale.ROOT);
    }
}
