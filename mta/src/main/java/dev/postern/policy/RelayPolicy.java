package dev.postern.policy;

import dev.postern.route.Destination;
import dev.postern.route.Directory;
import dev.postern.smtp.EnhancedStatus;
import dev.postern.smtp.ForwardPath;
import dev.postern.smtp.LocalPart;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.Postmaster;
import dev.postern.smtp.Recipient;
import dev.postern.smtp.Reply;
import dev.postern.srs.SenderRewriting;
import java.net.InetAddress;
import java.text.Normalizer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The one place that decides relaying (RFC 5321 §3.6, §7.8, §7.9): collects the three facts and obeys
/// {@link RelayFacts#decide()}.
///
/// Nobody is trusted by default, not even loopback. A recipient of ours that does not exist is refused, whoever asks
/// (no backscatter). An alias that leads elsewhere is ours, since we wrote it. A return address that we signed for
/// the sender of forwarded mail is good for reports, and for nothing else; one that we signed for mail of our own is
/// another way to write the plain address.
public final class RelayPolicy implements Policy {
    /// The name of the rule in decisions.
    public static final String RULE = "relay";

    /// What the null reverse-path is for.
    private static final Reply REPORTS_ONLY =
            Reply.of(550, "5.7.1", "this return address is for reports only, which have the null reverse-path <>");

    private static final Reply DENIED = Reply.of(
            550, "5.7.1", "relaying denied: this server takes mail for its own domains only, unless you log in");

    private final NetworkSet trusted;
    private final Directory directory;

    /// @param trusted networks whose hosts may relay without logging in
    /// @param directory tells what is ours
    public RelayPolicy(NetworkSet trusted, Directory directory) {
        this.trusted = trusted;
        this.directory = directory;
    }

    @Override
    public Verdict rcpt(SessionFacts session, MailFacts mail, Recipient recipient) {
        Destination destination = directory.destination(recipient.path());
        Optional<Network> network = session.address().flatMap(trusted::find);
        boolean report = mail.reversePath().isNull();
        RelayFacts facts = new RelayFacts(
                network.isPresent(), session.user().isPresent(), reach(report, recipient.path(), destination));
        Map<String, String> inputs = inputs(session, network, recipient.path(), destination);
        if (!(destination instanceof Destination.Fixed)) {
            inputs.put("sender", "<" + mail.reversePath() + ">");
        }
        return switch (facts.decide()) {
            case OURS -> new Verdict.Accept(RULE, "the recipient is ours", inputs);
            case RETURNED ->
                new Verdict.Accept(SenderRewriting.RULE, "a report goes back through the return address", inputs);
            case AUTHENTICATED -> new Verdict.Accept(RULE, "the client has logged in", inputs);
            case LISTED -> new Verdict.Accept(RULE, "the client's network is listed", inputs);
            case UNKNOWN -> unknown(destination, inputs);
            case DENIED ->
                new Verdict.Reject(RULE, "a stranger asked for a recipient that is not ours", inputs, DENIED);
        };
    }

    /// Whether the client is one of ours: a user who has logged in, or a host of a listed network.
    public boolean trusts(SessionFacts session) {
        return session.user().isPresent()
                || session.address().flatMap(trusted::find).isPresent();
    }

    private static Verdict unknown(Destination destination, Map<String, String> inputs) {
        return switch (destination) {
            case Destination.Unknown(EnhancedStatus status, String why) -> unknown(status, why, inputs);
            case Destination.Unreturnable(String rule, EnhancedStatus status, String why) ->
                new Verdict.Reject(rule, why, inputs, new Reply(550, Optional.of(status), List.of(why)));
            case Destination.Returned returned ->
                new Verdict.Reject(SenderRewriting.RULE, "a return address takes reports only", inputs, REPORTS_ONLY);
            case Destination.Signed signed -> throw new IllegalStateException("an unknown recipient at " + signed);
            case Destination.Fixed known -> throw new IllegalStateException("an unknown recipient at " + known);
        };
    }

    private static Verdict unknown(EnhancedStatus status, String why, Map<String, String> inputs) {
        return switch (status.kind()) {
            case 4 -> new Verdict.Defer(RULE, why, inputs, new Reply(450, Optional.of(status), List.of(why)));
            case 5 -> new Verdict.Reject(RULE, why, inputs, new Reply(550, Optional.of(status), List.of(why)));
            default -> throw new IllegalStateException("an unknown recipient with status " + status);
        };
    }

    private static RelayFacts.Reach reach(boolean report, ForwardPath path, Destination destination) {
        return switch (destination) {
            case Destination.Fixed known -> reach(path, known);
            case Destination.Returned(Mailbox sender, Destination.Fixed meaning) -> {
                boolean routed = reach(sender, meaning) == RelayFacts.Reach.ROUTED;
                yield !report ? RelayFacts.Reach.UNKNOWN : routed ? RelayFacts.Reach.ROUTED : RelayFacts.Reach.RETURNED;
            }
            case Destination.Signed(Mailbox plain, Destination.Fixed meaning) -> reach(plain, meaning);
            case Destination.Unreturnable unreturnable -> RelayFacts.Reach.UNKNOWN;
        };
    }

    private static RelayFacts.Reach reach(ForwardPath path, Destination.Fixed destination) {
        return switch (destination) {
            case Destination.Inbox inbox -> RelayFacts.Reach.OURS;
            case Destination.Alias alias -> RelayFacts.Reach.OURS;
            case Destination.Relayed relayed -> carriesAddress(path) ? RelayFacts.Reach.ROUTED : RelayFacts.Reach.OURS;
            case Destination.Remote remote -> RelayFacts.Reach.ELSEWHERE;
            case Destination.Unknown unknown -> RelayFacts.Reach.UNKNOWN;
        };
    }

    private static boolean carriesAddress(ForwardPath path) {
        return switch (path) {
            case Postmaster postmaster -> false;
            case Mailbox mailbox -> narrow(mailbox.localPart()).chars().anyMatch(c -> c == '%' || c == '!' || c == '@');
        };
    }

    /// The local part with full-width and small signs as plain ones, which is how a host behind us may come to read
    /// them.
    private static String narrow(LocalPart local) {
        return local.isInternational() ? Normalizer.normalize(local.value(), Normalizer.Form.NFKC) : local.value();
    }

    private static Map<String, String> inputs(
            SessionFacts session, Optional<Network> network, ForwardPath recipient, Destination destination) {
        Map<String, String> inputs = LinkedHashMap.newLinkedHashMap(6);
        inputs.put(
                "peer",
                session.address()
                        .map(InetAddress::getHostAddress)
                        .orElseGet(() -> session.peer().toString()));
        inputs.put("network", network.map(Network::toString).orElse("none"));
        inputs.put("user", session.user().orElse("none"));
        inputs.put("recipient", recipient.toString());
        inputs.put("destination", word(destination));
        return inputs;
    }

    private static String word(Destination destination) {
        return switch (destination) {
            case Destination.Inbox inbox -> "inbox " + inbox.inbox();
            case Destination.Alias alias -> "alias " + alias.name();
            case Destination.Relayed relayed -> "relayed domain " + relayed.domain();
            case Destination.Remote remote -> "elsewhere";
            case Destination.Unknown unknown -> "unknown";
            case Destination.Returned returned -> "back to " + returned.sender();
            case Destination.Signed signed -> "signed for " + signed.plain();
            case Destination.Unreturnable unreturnable -> "no good return address";
        };
    }
}
