package dev.postern.accounts;

import dev.postern.crypto.PasswordHash;
import dev.postern.dns.DomainName;
import dev.postern.smtp.Host;
import dev.postern.smtp.LocalPart;
import dev.postern.smtp.Mailbox;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The accounts of the account file, by address. A value; a change makes a new one.
///
/// A line of the file is `ADDRESS HASH [SENDER,SENDER…]`, `!` in the place of the hash for an inbox
/// without a login; `#` begins a comment. Addresses are found whatever their case.
public final class AccountTable {
    private final Map<String, Account> byAddress;

    private AccountTable(Map<String, Account> byAddress) {
        this.byAddress = Collections.unmodifiableMap(byAddress);
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
            Optional<PasswordHash> hash = fields.length < 2 ? Optional.empty() : PasswordHash.parse(fields[1]);
            if (inbox.isEmpty()) {
                faults.add(new Fault(number, "\"" + fields[0] + "\" is not an address; write name@domain"));
            } else if (fields.length < 2 || fields.length > 3 || (hash.isEmpty() && !fields[1].equals("!"))) {
                faults.add(new Fault(
                        number,
                        "expected: address, Argon2id hash or !, senders; set the password with \"postern user passwd "
                                + fields[0] + "\""));
            } else if (accounts.containsKey(key(inbox.get()))) {
                faults.add(new Fault(number, inbox.get() + " stands twice; remove one of the lines"));
            } else {
                List<String> senders = fields.length == 3
                        ? List.of(fields[2].toLowerCase(Locale.ROOT).split(",", -1))
                        : List.of();
                accounts.put(key(inbox.get()), new Account(inbox.get(), hash, senders));
            }
        }
        return new Parsed(new AccountTable(accounts), faults);
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
        StringBuilder text = new StringBuilder("# address, Argon2id hash (or ! for no login), further senders\n");
        byAddress.values().forEach(account -> text.append(account.toLine()).append('\n'));
        return text.toString();
    }

    private static String key(Mailbox address) {
        return address.toString().toLowerCase(Locale.ROOT);
    }
}
