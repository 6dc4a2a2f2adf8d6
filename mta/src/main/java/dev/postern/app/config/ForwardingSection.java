package dev.postern.app.config;

import dev.postern.dns.DomainName;
import dev.postern.policy.ForwardLimits;
import java.util.List;
import java.util.Optional;

/// The section `[forwarding]`: what becomes of mail that an alias leads to other domains.
final class ForwardingSection {
    private static final String UNPROVABLE = "unprovable";

    private ForwardingSection() {}

    /// Reads it.
    ///
    /// @param local our domains
    /// @param checked whether the senders of other servers' mail are checked
    /// @param signing what signs for which domain
    static Config.Forwarding read(Section section, List<DomainName> local, boolean checked, Config.Signing signing) {
        boolean srs = section.flag("srs", true);
        Optional<DomainName> chosen = section.domain("srs-domain");
        if (chosen.isPresent() && !local.contains(chosen.get())) {
            section.fault(
                    "srs-domain",
                    "\"forwarding.srs-domain\" is none of our domains, so that no report would come back; add \""
                            + chosen.get() + "\" to local below [domains]");
        }
        Config.Forwarding.Action unprovable =
                switch (section.choice(UNPROVABLE, "send", List.of("send", "rewrite", "wrap", "refuse"))) {
                    case "rewrite" -> Config.Forwarding.Action.REWRITE;
                    case "wrap" -> Config.Forwarding.Action.WRAP;
                    case "refuse" -> Config.Forwarding.Action.REFUSE;
                    default -> Config.Forwarding.Action.SEND;
                };
        ForwardLimits limits = new ForwardLimits(
                section.number("per-hour", ForwardLimits.USUAL_PER_ALIAS, 0, Integer.MAX_VALUE),
                section.number("total-per-hour", ForwardLimits.USUAL_IN_ALL, 0, Integer.MAX_VALUE));
        section.finish();
        Optional<DomainName> domain =
                chosen.filter(local::contains).or(() -> local.stream().findFirst());
        if (unprovable != Config.Forwarding.Action.SEND && !checked) {
            section.fault(
                    UNPROVABLE,
                    "\"forwarding.unprovable\" follows from what the check of senders finds; write verify = true below"
                            + " [authentication], or leave it out");
        }
        if (unprovable.isInOurName()) {
            checkName(section, srs ? domain : Optional.empty(), signing);
        }
        return new Config.Forwarding(srs ? domain : Optional.empty(), unprovable, limits);
    }

    private static void checkName(Section section, Optional<DomainName> domain, Config.Signing signing) {
        if (domain.isEmpty()) {
            section.fault(
                    UNPROVABLE,
                    "\"forwarding.unprovable\" needs an address of ours to stand in for the author; write srs = true,"
                            + " and name a domain of ours below [domains]");
        } else if (signing.signers().nearest(domain.get()).isEmpty()) {
            section.fault(
                    UNPROVABLE,
                    "\"forwarding.unprovable\" needs a DKIM key of " + domain.get() + ", and there is none in "
                            + signing.keys() + "; \"postern init\" makes one");
        }
    }
}
