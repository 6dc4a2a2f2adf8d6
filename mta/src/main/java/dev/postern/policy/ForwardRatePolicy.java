package dev.postern.policy;

import dev.postern.route.Destination;
import dev.postern.route.Directory;
import dev.postern.smtp.ForwardPath;
import dev.postern.smtp.Recipient;
import dev.postern.smtp.Reply;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// An alias leads no more than so many messages an hour away from this server, and all aliases together no more than so
/// many: what is beyond comes later, whoever sends it.
///
/// Asked at RCPT, counted when the content is here and every other policy has let it in: who only names an alias
/// takes nothing of its hour away. So it is the last in the list of policies, and what several sessions bring at
/// once may exceed a limit by as many messages.
public final class ForwardRatePolicy implements Policy {
    /// The name of the rule in decisions.
    public static final String RULE = "forward-rate";

    private final Directory directory;
    private final ForwardLimits limits;
    private final ForwardCounts counts;

    /// @param directory tells which recipients are led away
    /// @param counts shared with whoever came before this policy and comes after it
    public ForwardRatePolicy(Directory directory, ForwardLimits limits, ForwardCounts counts) {
        this.directory = directory;
        this.limits = limits;
        this.counts = counts;
    }

    @Override
    public Verdict rcpt(SessionFacts session, MailFacts mail, Recipient recipient) {
        return leading(recipient.path()).map(this::judge).orElseGet(Verdict::noOpinion);
    }

    private Verdict judge(String alias) {
        int mine = counts.of(alias);
        int all = counts.inAll();
        Map<String, String> inputs = LinkedHashMap.newLinkedHashMap(3);
        inputs.put("alias", alias);
        inputs.put("in the last hour", Integer.toString(mine));
        inputs.put("in all", Integer.toString(all));
        if (limits.perAlias() > 0 && mine >= limits.perAlias()) {
            return later("this address", limits.perAlias(), inputs);
        }
        return limits.inAll() > 0 && all >= limits.inAll()
                ? later("this server", limits.inAll(), inputs)
                : Verdict.noOpinion();
    }

    private static Verdict later(String who, int limit, Map<String, String> inputs) {
        return new Verdict.Defer(
                RULE,
                who + " has led " + limit + " messages away within an hour",
                inputs,
                Reply.of(
                        451,
                        "4.7.1",
                        who + " forwards no more than " + limit
                                + " messages an hour to other servers; try again later"));
    }

    @Override
    public Verdict content(SessionFacts session, ContentFacts content) {
        Set<String> aliases = content.envelope().recipients().stream()
                .map(Recipient::path)
                .flatMap(path -> leading(path).stream())
                .collect(Collectors.toSet());
        counts.count(aliases);
        return Verdict.noOpinion();
    }

    /// The name of the alias that leads a forward-path away.
    private Optional<String> leading(ForwardPath path) {
        return directory.destination(path) instanceof Destination.Alias alias
                        && alias.targets().stream().anyMatch(directory::leaves)
                ? Optional.of(alias.name())
                : Optional.empty();
    }
}
