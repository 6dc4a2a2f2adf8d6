package dev.postern.smtpserver;

import dev.postern.dns.DomainName;
import dev.postern.route.Destination;
import dev.postern.route.Directory;
import dev.postern.smtp.EnhancedStatus;
import dev.postern.smtp.ForwardPath;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.Postmaster;
import dev.postern.smtp.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What our own users and hosts are told by VRFY and EXPN; strangers are never asked for here.
///
/// @rfc 5321 §3.5, §7.3
public final class Lookups {
    /// Members of a list that are shown.
    static final int MOST_MEMBERS = 200;

    private static final Optional<EnhancedStatus> FOUND = Optional.of(EnhancedStatus.of("2.1.5"));

    private final Directory directory;
    private final Optional<DomainName> home;

    /// @param directory tells what is ours
    /// @param home the domain of names without one
    public Lookups(Directory directory, Optional<DomainName> home) {
        this.directory = directory;
        this.home = home;
    }

    /// The reply to VRFY: 250 with the mailbox, 550, or 252 where it is not ours to tell.
    Reply verify(String text) {
        Optional<ForwardPath> path = path(text);
        if (path.isEmpty()) {
            return Replies.NO_SUCH_MAILBOX;
        }
        return switch (directory.destination(path.get())) {
            case Destination.Inbox(Mailbox inbox, Optional<String> _) -> found(List.of(inbox));
            case Destination.Alias _, Destination.Signed _ -> found(List.of(path.get()));
            case Destination.Relayed _, Destination.Remote _, Destination.Returned _ -> Replies.CANNOT_VERIFY;
            case Destination.Unknown(EnhancedStatus status, String why) -> unknown(status, why);
            case Destination.Unreturnable(String _, EnhancedStatus status, String why) -> unknown(status, why);
        };
    }

    /// The reply to EXPN: 250 with the members of an alias, programs left out, or 550.
    Reply expand(String text) {
        Optional<ForwardPath> path = path(text);
        if (path.isEmpty() || !(directory.destination(path.get()) instanceof Destination.Alias alias)) {
            return Replies.NO_SUCH_LIST;
        }
        List<ForwardPath> members = alias.targets().stream()
                .filter(target -> !(directory.destination(target) instanceof Destination.Unknown))
                .toList();
        return members.isEmpty() ? Replies.CANNOT_VERIFY : found(members);
    }

    /// `String = Atom / Quoted-string`, which is a name in our first domain, or a mailbox with or without brackets (RFC
    /// 5321 §4.1.1.6).
    private Optional<ForwardPath> path(String text) {
        String bare = text.startsWith("<") && text.endsWith(">") ? text.substring(1, text.length() - 1) : text;
        if (bare.equalsIgnoreCase("postmaster")) {
            return Optional.of(new Postmaster());
        }
        Optional<Mailbox> whole = Mailbox.parse(bare);
        return whole.or(() -> home.flatMap(domain -> Mailbox.parse(bare + "@" + domain)))
                .map(ForwardPath.class::cast);
    }

    /// Replies are in ASCII, so names beyond it cannot be told (RFC 6531 §3.7.4.2).
    private static Reply found(List<? extends ForwardPath> paths) {
        if (paths.stream().anyMatch(ForwardPath::isInternational)) {
            return Replies.NEEDS_UTF8_REPLY;
        }
        List<String> lines = new ArrayList<>();
        paths.stream().limit(MOST_MEMBERS).forEach(path -> lines.add("<" + path + ">"));
        if (paths.size() > MOST_MEMBERS) {
            lines.add("and " + (paths.size() - MOST_MEMBERS) + " more");
        }
        return new Reply(250, FOUND, lines);
    }

    private static Reply unknown(EnhancedStatus status, String why) {
        return new Reply(status.kind() == 4 ? 450 : 550, Optional.of(status), List.of(why));
    }
}
