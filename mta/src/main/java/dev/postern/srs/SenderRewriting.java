package dev.postern.srs;

import dev.postern.dns.DomainName;
import dev.postern.smtp.Host;
import dev.postern.smtp.LocalPart;
import dev.postern.smtp.Mailbox;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Optional;

/// Writes return addresses for the senders of forwarded mail, and finds the way back from them;
/// remembers nothing, and may be shared by all threads.
///
/// What is signed: for SRS0 the day in full (so that an address does not come to life again when
/// the two letters of its day do), the domain and the local part; for SRS1 the first forwarder and
/// all that follows, without a day, since that forwarder has its own. The two never share a hash.
public final class SenderRewriting {
    /// The name of the rule in decisions.
    public static final String RULE = "srs";

    private static final String NOT_OURS = "this return address was not made by this server";

    private final SrsSettings settings;
    private final SrsSecrets secrets;
    private final InstantSource clock;

    /// @param clock tells the day
    public SenderRewriting(SrsSettings settings, SrsSecrets secrets, InstantSource clock) {
        this.settings = settings;
        this.secrets = secrets;
        this.clock = clock;
    }

    /// Whether mail to a recipient leaves for a domain that is not ours.
    public boolean isAway(Mailbox recipient) {
        return !isOurs(recipient.host());
    }

    private boolean isOurs(Host host) {
        return host instanceof Host.Domain(DomainName domain) && settings.ours().contains(domain);
    }

    /// What the sender of a message becomes when it is forwarded to a domain that is not ours.
    public Rewriting forward(Mailbox sender) {
        return switch (sender.host()) {
            case Host.AddressLiteral literal ->
                new Rewriting.Kept("the sender is at an address and not in a domain, of which SPF knows nothing");
            case Host.Domain(DomainName domain)
            when settings.ours().contains(domain) -> new Rewriting.Kept("the sender is in a domain of ours");
            case Host.Domain(DomainName domain) -> rewritten(sender, domain);
        };
    }

    private Rewriting rewritten(Mailbox sender, DomainName domain) {
        String local = sender.localPart().value();
        if (SrsForm.isTagged(local, SrsForm.FIRST)) {
            return fitting(
                    further(domain, local.substring(SrsForm.FIRST.length())),
                    "the sender is another forwarder's SRS0 address");
        }
        return SrsForm.parse(local).orElse(null) instanceof SrsForm.Further further
                ? fitting(
                        further(further.forwarder(), further.rest()), "the sender is another forwarder's SRS1 address")
                : fitting(first(domain, sender.localPart()), "the sender is in a domain that is not ours");
    }

    private String first(DomainName domain, LocalPart local) {
        SrsDay today = SrsDay.of(clock.instant());
        String hash = secrets.sign(firstParts(today, domain, local));
        return new SrsForm.First(hash, today.stamp(), domain, local).text();
    }

    private String further(DomainName forwarder, String rest) {
        return new SrsForm.Further(secrets.sign(furtherParts(forwarder, rest)), forwarder, rest).text();
    }

    private static String[] firstParts(SrsDay day, DomainName domain, LocalPart local) {
        return new String[] {SrsForm.FIRST, Long.toString(day.number()), domain.text(), local.value()};
    }

    private static String[] furtherParts(DomainName forwarder, String rest) {
        return new String[] {SrsForm.FURTHER, forwarder.text(), rest};
    }

    private Rewriting fitting(String local, String why) {
        int octets = local.getBytes(StandardCharsets.UTF_8).length;
        if (octets > LocalPart.MAX_OCTETS) {
            return new Rewriting.Kept("the local part would have " + octets + " octets, more than "
                    + LocalPart.MAX_OCTETS + " (RFC 5321 section 4.5.3.1.1)");
        }
        // the wire form, whose quotes count
        return Mailbox.parse(new LocalPart(local) + "@" + settings.domain())
                .<Rewriting>map(address -> new Rewriting.Rewritten(address, why))
                .orElseGet(() -> new Rewriting.Kept("the address would have more than " + Mailbox.MAX_OCTETS
                        + " octets (RFC 5321 section 4.5.3.1.3)"));
    }

    /// What an address turns out to be.
    public Reversal back(Mailbox address) {
        String local = address.localPart().value();
        if (!isOurs(address.host()) || !SrsForm.isTagged(local)) {
            return new Reversal.Other();
        }
        Optional<SrsForm> form = SrsForm.parse(local);
        if (form.isEmpty()) {
            return new Reversal.Forged(NOT_OURS);
        }
        return switch (form.get()) {
            case SrsForm.First first -> back(first);
            case SrsForm.Further further -> back(further);
        };
    }

    private Reversal back(SrsForm.First first) {
        SrsDay today = SrsDay.of(clock.instant());
        Optional<SrsDay> day = today.meantBy(first.stamp());
        if (day.isEmpty() || !secrets.verify(first.hash(), firstParts(day.get(), first.domain(), first.local()))) {
            return new Reversal.Forged(NOT_OURS);
        }
        if (today.number() - day.get().number() > settings.days()) {
            return new Reversal.Expired(
                    "this return address was good for " + settings.days() + " days and has expired");
        }
        return new Reversal.Genuine(new Mailbox(first.local(), new Host.Domain(first.domain())));
    }

    private Reversal back(SrsForm.Further further) {
        if (!secrets.verify(further.hash(), furtherParts(further.forwarder(), further.rest()))) {
            return new Reversal.Forged(NOT_OURS);
        }
        Mailbox first = Mailbox.of(SrsForm.FIRST + further.rest(), further.forwarder());
        // where the way led through us twice, ours is within ours; SRS0 holds no further one
        return settings.ours().contains(further.forwarder()) ? back(first) : new Reversal.Genuine(first);
    }
}
