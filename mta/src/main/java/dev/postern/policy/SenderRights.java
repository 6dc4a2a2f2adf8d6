package dev.postern.policy;

import dev.postern.dns.DomainName;
import dev.postern.smtp.Host;
import dev.postern.smtp.Mailbox;
import java.util.List;
import java.util.Locale;

/// Tells which addresses a user may send from; quick, from memory.
@FunctionalInterface
public interface SenderRights {
    /// What a user may use, any one of them; nothing for a user that is not known.
    List<Right> of(String user);

    /// The rights by which nobody is bound.
    static SenderRights unbound() {
        return user -> List.of(new Right.Anything());
    }

    /// A right to send from some addresses.
    sealed interface Right {
        /// One address, with or without a subaddress behind `+` (RFC 5233); upper and lower case are the same.
        record Address(Mailbox mailbox) implements Right {
            @Override
            public boolean covers(Mailbox sender) {
                return sender.host().equals(mailbox.host()) && base(sender).equals(base(mailbox));
            }

            private static String base(Mailbox mailbox) {
                String name = mailbox.localPart().value();
                int plus = name.indexOf('+');
                return (plus > 0 ? name.substring(0, plus) : name).toLowerCase(Locale.ROOT);
            }
        }

        /// Every address in one domain; not in those below it.
        record Domain(DomainName name) implements Right {
            @Override
            public boolean covers(Mailbox sender) {
                return sender.host().equals(new Host.Domain(name));
            }
        }

        /// Every address.
        record Anything() implements Right {
            @Override
            public boolean covers(Mailbox sender) {
                return true;
            }
        }

        /// Whether a sender's address is among them.
        boolean covers(Mailbox sender);
    }
}
