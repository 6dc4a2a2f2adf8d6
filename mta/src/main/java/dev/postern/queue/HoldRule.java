package dev.postern.queue;

import dev.postern.dns.DomainName;
import dev.postern.smtp.ForwardPath;
import dev.postern.smtp.Host;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.NullPath;
import dev.postern.smtp.Postmaster;
import dev.postern.smtp.ReversePath;
import java.util.Locale;
import java.util.Optional;

/// What mail an operator keeps back, that which comes later too.
public sealed interface HoldRule {
    /// The longest name that is taken, in characters.
    int LONGEST = 320;

    /// What waits in a lane, whatever its name is made of.
    ///
    /// @param name such as {@code mx:example.org}
    record Lane(String name) implements HoldRule {
        /// @throws IllegalArgumentException if it can be no lane
        public Lane {
            requireName(name);
            if (name.startsWith(PREFIX)) {
                throw new IllegalArgumentException("mail that is kept back by another rule waits in \"" + name + "\"");
            }
        }

        @Override
        public String lane() {
            return name;
        }

        @Override
        public String kind() {
            return LANE;
        }
    }

    /// Mail to a domain, itself and not what lies below it.
    record Domain(DomainName domain) implements HoldRule {
        @Override
        public String name() {
            return domain.text();
        }

        @Override
        public String kind() {
            return DOMAIN;
        }
    }

    /// Mail of a sender: an address, all addresses of a domain as `@example.org`, or `<>` for reports. Upper and lower
    /// case are one.
    ///
    /// @param name in lower case
    record Sender(String name) implements HoldRule {
        /// @throws IllegalArgumentException if it is no such text
        public Sender {
            name = name.toLowerCase(Locale.ROOT);
            requireName(name);
            boolean isDomain =
                    name.startsWith("@") && DomainName.parse(name.substring(1)).isPresent();
            if (!name.equals(NOBODY) && !isDomain && Mailbox.parse(name).isEmpty()) {
                throw new IllegalArgumentException(
                        "\"" + name + "\" is no sender: write an address, a domain as @example.org, or <> for reports");
            }
        }

        @Override
        public String kind() {
            return SENDER;
        }
    }

    /// The kinds of rules.
    String LANE = "lane";

    /// As above.
    String DOMAIN = "domain";

    /// As above.
    String SENDER = "sender";

    /// How the null reverse-path is written.
    String NOBODY = "<>";

    /// How the names of lanes begin in which mail waits that is kept back by its domain or sender.
    String PREFIX = "held:";

    /// `lane`, `domain` or `sender`.
    String kind();

    /// What is kept back.
    String name();

    /// The lane in which it waits.
    default String lane() {
        return PREFIX + kind() + ":" + name();
    }

    /// The rule of a kind and a name.
    ///
    /// @throws IllegalArgumentException with a sentence for the administrator, if there is none
    static HoldRule of(String kind, String name) {
        return switch (kind) {
            case LANE -> new Lane(name);
            case DOMAIN ->
                new Domain(DomainName.parse(name)
                        .orElseThrow(() -> new IllegalArgumentException("\"" + name + "\" is no domain")));
            case SENDER -> new Sender(name);
            default ->
                throw new IllegalArgumentException(
                        "mail is kept back by lane, domain or sender, not by \"" + kind + "\"");
        };
    }

    /// The name under which a recipient's domain is kept back; empty for one without.
    static Optional<String> domain(ForwardPath recipient) {
        return switch (recipient) {
            case Mailbox(var _, Host.Domain(DomainName name)) -> Optional.of(name.text());
            case Mailbox(var _, Host.AddressLiteral _) -> Optional.empty();
            case Postmaster _ -> Optional.empty();
        };
    }

    /// The name under which a sender's address is kept back.
    static String sender(ReversePath sender) {
        return switch (sender) {
            case NullPath _ -> NOBODY;
            case Mailbox mailbox -> mailbox.toString().toLowerCase(Locale.ROOT);
        };
    }

    private static void requireName(String name) {
        if (name.isEmpty() || name.length() > LONGEST || name.chars().anyMatch(c -> c <= ' ' || c == 0x7F)) {
            throw new IllegalArgumentException("\"" + name + "\" is no name of a lane or a sender: 1 to " + LONGEST
                    + " characters without blanks");
        }
    }
}
