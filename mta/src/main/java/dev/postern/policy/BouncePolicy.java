package dev.postern.policy;

import dev.postern.batv.SignedReturnPaths;
import dev.postern.route.Destination;
import dev.postern.route.Directory;
import dev.postern.smtp.ForwardPath;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.Recipient;
import dev.postern.smtp.Reply;
import java.util.Map;
import java.util.function.Predicate;

/// Reports on mail that we never sent are refused: what strangers bring with the null reverse-path must go to a signed
/// return path where the address has one.
///
/// Programs and hosts of ours are not asked: mail that never left has plain return paths, and so have reports on it.
public final class BouncePolicy implements Policy {
    private static final Reply NOT_ASKED_FOR = Reply.of(550, "5.7.1", "no mail of this address has asked for a report");

    private final Predicate<SessionFacts> ours;
    private final Directory directory;
    private final SignedReturnPaths paths;

    /// @param ours whose reports are taken as they come
    /// @param directory tells which addresses are plain ones of ours
    /// @param paths tells which of these have signed return paths
    public BouncePolicy(Predicate<SessionFacts> ours, Directory directory, SignedReturnPaths paths) {
        this.ours = ours;
        this.directory = directory;
        this.paths = paths;
    }

    @Override
    public Verdict rcpt(SessionFacts session, MailFacts mail, Recipient recipient) {
        return mail.reversePath().isNull() && !ours.test(session) && isSigning(recipient.path())
                ? new Verdict.Reject(
                        SignedReturnPaths.RULE,
                        "a report to an address whose mail leaves with signed return paths only",
                        Map.of("recipient", recipient.path().toString()),
                        NOT_ASKED_FOR)
                : Verdict.noOpinion();
    }

    private boolean isSigning(ForwardPath path) {
        return path instanceof Mailbox mailbox
                && directory.destination(path) instanceof Destination.Fixed
                && paths.signs(mailbox);
    }
}
