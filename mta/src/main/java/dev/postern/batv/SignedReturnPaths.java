package dev.postern.batv;

import dev.postern.dns.DomainName;
import dev.postern.smtp.Host;
import dev.postern.smtp.LocalPart;
import dev.postern.smtp.Mailbox;
import dev.postern.srs.SrsSecrets;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;

/// Signs the return paths of our own mail, and tells which addresses we signed; remembers nothing, and may be shared by
/// all threads.
///
/// What is signed: the day of expiry in full (so that an address does not come to life again when the three digits
/// of its day do), the domain and the local part; letters A to Z count as a to z. The same address is signed the
/// same way all day long, so that greylisting elsewhere knows it again.
public final class SignedReturnPaths {
    /// The name of the rule in decisions.
    public static final String RULE = "batv";

    /// How many days the clock of a server beside us may be ahead of ours.
    private static final int SKEW = 1;

    private static final String NOT_OURS = "this return address was not signed by this server";

    /// Who must be reached by everybody (RFC 5321 §4.5.1, RFC 2142 §4).
    private static final Set<String> ROLES = Set.of("postmaster", "abuse");

    private final BatvSettings settings;
    private final SrsSecrets secrets;
    private final InstantSource clock;

    /// @param secrets kept as those of return addresses for forwarded mail are, but others
    /// @param clock tells the day
    public SignedReturnPaths(BatvSettings settings, SrsSecrets secrets, InstantSource clock) {
        this.settings = settings;
        this.secrets = secrets;
        this.clock = clock;
    }

    /// What a sender of ours becomes in mail that leaves.
    public Signing sign(Mailbox sender) {
        Optional<String> exempt = exempt(sender);
        if (exempt.isPresent()) {
            return new Signing.Kept(exempt.get());
        }
        long day = today() + settings.days();
        SrsSecrets.Numbered hash = secrets.numbered(parts(day, sender.host(), sender.localPart()));
        PrivateSignature signature = new PrivateSignature(
                hash.key(), Math.floorMod(day, PrivateSignature.PERIOD), hash.digits(), sender.localPart());
        return new Signing.Signed(new Mailbox(new LocalPart(signature.text()), sender.host()));
    }

    /// Whether mail that we send from an address is signed, so that no report can be asked for by the plain one.
    public boolean signs(Mailbox address) {
        return exempt(address).isEmpty();
    }

    /// Why an address is not signed; empty if it is.
    private Optional<String> exempt(Mailbox address) {
        if (!isOurs(address.host())) {
            return Optional.of("the sender is in no domain of ours");
        }
        if (PrivateSignature.isTagged(address.localPart().value())) {
            return Optional.of("the sender is signed already");
        }
        if (ROLES.contains(UnsignedAddresses.base(address))) {
            return Optional.of("postmaster and abuse take reports from everybody");
        }
        if (settings.unsigned().cover(address)) {
            return Optional.of("the configuration lists the sender as unsigned");
        }
        int local = address.localPart().value().getBytes(StandardCharsets.UTF_8).length + PrivateSignature.OCTETS;
        if (local > LocalPart.MAX_OCTETS) {
            return Optional.of("the local part would have " + local + " octets, more than " + LocalPart.MAX_OCTETS
                    + " (RFC 5321 section 4.5.3.1.1)");
        }
        // the wire form, whose quotes count
        int octets = address.toString().getBytes(StandardCharsets.UTF_8).length + PrivateSignature.OCTETS;
        return octets > Mailbox.MAX_OCTETS
                ? Optional.of("the address would have more than " + Mailbox.MAX_OCTETS
                        + " octets (RFC 5321 section 4.5.3.1.3)")
                : Optional.empty();
    }

    /// Whether an address was signed by us, and is good.
    public Validation validate(Mailbox address) {
        String local = address.localPart().value();
        if (!isOurs(address.host()) || !PrivateSignature.isTagged(local)) {
            return new Validation.Plain();
        }
        return PrivateSignature.parse(local)
                .map(signature -> validate(signature, address.host()))
                .orElseGet(() -> new Validation.Forged(NOT_OURS));
    }

    private Validation validate(PrivateSignature signature, Host host) {
        long today = today();
        long latest = today + BatvSettings.MOST_DAYS + SKEW;
        long day = latest - Math.floorMod(latest - signature.day(), PrivateSignature.PERIOD);
        SrsSecrets.Numbered claimed = new SrsSecrets.Numbered(signature.key(), signature.hash());
        if (!secrets.verify(claimed, parts(day, host, signature.local()))) {
            return new Validation.Forged(NOT_OURS);
        }
        return day < today
                ? new Validation.Expired("this return address was good until " + LocalDate.ofEpochDay(day))
                : new Validation.Genuine(new Mailbox(signature.local(), host));
    }

    /// The address under a signature, whoever made it and whenever; empty where there is none.
    ///
    /// For our own reports, which go to what stands in a reverse-path of ours: nobody must prove to us what we
    /// wrote.
    public static Optional<Mailbox> unsigned(Mailbox address) {
        return PrivateSignature.parse(address.localPart().value())
                .map(signature -> new Mailbox(signature.local(), address.host()));
    }

    /// Whether a host is a domain whose senders are signed.
    public boolean isOurs(Host host) {
        return host instanceof Host.Domain(DomainName domain) && settings.ours().contains(domain);
    }

    private long today() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).toEpochDay();
    }

    private static String[] parts(long day, Host host, LocalPart local) {
        return new String[] {"prvs", Long.toString(day), host.toString(), local.value()};
    }
}
