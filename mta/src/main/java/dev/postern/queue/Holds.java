package dev.postern.queue;

import dev.postern.smtp.ForwardPath;
import dev.postern.smtp.ReversePath;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The rules by which operators keep mail back at one moment; asked once for each recipient of each message.
///
/// Rules by lane are the lanes' own business ({@link MailQueue#holdLane}); the others have mail wait in a lane of the
/// rule's instead of its own.
public final class Holds {
    private final Map<HoldRule, Hold> rules;
    private final Map<String, HoldRule> domains = new LinkedHashMap<>();
    private final Map<String, HoldRule> senders = new LinkedHashMap<>();

    /// A rule and how it came.
    ///
    /// @param since when it was made
    /// @param why the operator's reason, empty if he gave none
    public record Hold(HoldRule rule, Instant since, String why) {}

    /// @param holds in the order in which they are shown; one for each rule
    public Holds(Collection<Hold> holds) {
        this.rules = new LinkedHashMap<>();
        for (Hold hold : holds) {
            rules.put(hold.rule(), hold);
            switch (hold.rule()) {
                case HoldRule.Lane _ -> {}
                case HoldRule.Domain domain -> domains.put(domain.name(), domain);
                case HoldRule.Sender sender -> senders.put(sender.name(), sender);
            }
        }
    }

    /// All of them.
    public List<Hold> all() {
        return List.copyOf(rules.values());
    }

    /// The rule as it is there; empty if it is not.
    public Optional<Hold> find(HoldRule rule) {
        return Optional.ofNullable(rules.get(rule));
    }

    /// By which rule mail of a sender for a recipient is kept back.
    ///
    /// @param lane the lane in which it waits else
    public Optional<HoldRule> holding(String lane, ForwardPath recipient, ReversePath sender) {
        Optional<HoldRule> aside = aside(recipient, sender);
        return aside.isPresent() || rules.isEmpty() || lane.isEmpty() || lane.startsWith(HoldRule.PREFIX)
                ? aside
                : Optional.ofNullable(rules.get(new HoldRule.Lane(lane))).map(Hold::rule);
    }

    /// The lane in which mail waits that has to wait elsewhere than in its own.
    Optional<String> laneAside(ForwardPath recipient, ReversePath sender) {
        return putsNothingAside() ? Optional.empty() : aside(recipient, sender).map(HoldRule::lane);
    }

    /// Whether all mail waits in its own lane.
    boolean putsNothingAside() {
        return domains.isEmpty() && senders.isEmpty();
    }

    private Optional<HoldRule> aside(ForwardPath recipient, ReversePath sender) {
        Optional<HoldRule> byDomain = domains.isEmpty()
                ? Optional.empty()
                : HoldRule.domain(recipient).map(domains::get);
        if (byDomain.isPresent() || senders.isEmpty()) {
            return byDomain;
        }
        String name = HoldRule.sender(sender);
        HoldRule byAddress = senders.get(name);
        return Optional.ofNullable(byAddress).or(() -> Optional.ofNullable(senders.get(domain(name))));
    }

    private static String domain(String address) {
        return address.substring(Math.max(0, address.lastIndexOf('@')));
    }
}
