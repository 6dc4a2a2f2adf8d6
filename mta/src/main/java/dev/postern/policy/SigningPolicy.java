package dev.postern.policy;

import dev.postern.message.Author;
import dev.postern.message.AuthorMailbox;
import dev.postern.message.MessageReader;
import dev.postern.smtp.Mailbox;
import java.io.IOException;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// Signs what our users and our listed hosts send, in the name of its author's domain; never what merely passes
/// through, and never in the name of an author that is not the user's.
public final class SigningPolicy implements Policy {
    /// The name of the rule in decisions.
    public static final String RULE = "signing";

    private static final int LONGEST_HEADER = 1 << 20;

    private final Predicate<SessionFacts> ours;
    private final SenderRights rights;
    private final Signers signers;
    private final InstantSource clock;

    /// @param ours whose mail is signed
    /// @param rights which authors belong to which user
    /// @param signers who signs
    /// @param clock tells when a message is signed
    public SigningPolicy(Predicate<SessionFacts> ours, SenderRights rights, Signers signers, InstantSource clock) {
        this.ours = ours;
        this.rights = rights;
        this.signers = signers;
        this.clock = clock;
    }

    @Override
    public Verdict content(SessionFacts session, ContentFacts content) {
        if (!ours.test(session) || signers.byDomain().isEmpty()) {
            return Verdict.noOpinion();
        }
        Map<String, String> inputs = LinkedHashMap.newLinkedHashMap(3);
        session.user().ifPresent(user -> inputs.put("user", user));
        try (InputStream octets = content.content().open()) {
            MessageReader message = MessageReader.read(octets, LONGEST_HEADER);
            Author author = Author.of(message.header());
            if (!(author instanceof Author.Named named)) {
                return new Verdict.Accept(RULE, "not signed: nobody can tell who its author is", inputs);
            }
            inputs.put("author", named.mailboxes().toString());
            Optional<Signers.Signer> signer = named.domains().size() == 1
                    ? signers.nearest(named.domains().getFirst())
                    : Optional.empty();
            if (signer.isEmpty()) {
                return new Verdict.Accept(RULE, "not signed: there is no key for the author's domain", inputs);
            }
            if (!mayWrite(session, named)) {
                return new Verdict.Accept(RULE, "not signed: the author does not belong to the user", inputs);
            }
            inputs.put("domain", signer.get().domain().text());
            content.stamps().add(signer.get().stamp(), message, clock.instant());
            return new Verdict.Accept(RULE, "signed in the name of the author's domain", inputs);
        } catch (IOException e) {
            return new Verdict.Accept(RULE, "not signed: " + e.getMessage(), inputs);
        }
    }

    /// A listed host and the programs of this machine may write as anybody, a user only as itself.
    private boolean mayWrite(SessionFacts session, Author.Named author) {
        if (session.user().isEmpty() || session.role() == ListenerRole.LOCAL) {
            return true;
        }
        List<SenderRights.Right> all = rights.of(session.user().get());
        return author.mailboxes().stream().allMatch(mailbox -> isAmong(all, mailbox));
    }

    private static boolean isAmong(List<SenderRights.Right> rights, AuthorMailbox author) {
        Optional<Mailbox> mailbox = Mailbox.parse(author.localPart() + "@" + author.domain());
        return mailbox.isPresent() && rights.stream().anyMatch(right -> right.covers(mailbox.get()));
    }
}
