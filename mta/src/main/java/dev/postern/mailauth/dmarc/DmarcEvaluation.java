package dev.postern.mailauth.dmarc;

import dev.postern.dns.DomainName;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// What DMARC came to for one author's domain; with the message's own data, all that a row of an
/// aggregate report needs (RFC 9990).
///
/// @param author the author's domain
/// @param why the reason, for a human
/// @param asked what the owner asks for in this case, before `t=y` is taken into account; `none`
///     but for a failure
/// @param published the policy that holds, if one was found
/// @param aligned the domains that are vouched for and aligned, each once
public record DmarcEvaluation(
        DomainName author,
        DmarcOutcome outcome,
        String why,
        DmarcPolicy asked,
        Optional<PublishedPolicy> published,
        List<AuthenticatedDomain> aligned) {
    public DmarcEvaluation {
        aligned = List.copyOf(aligned);
        if (asked != DmarcPolicy.NONE && outcome != DmarcOutcome.FAIL) {
            throw new IllegalArgumentException("a policy for a message that does not fail");
        }
    }

    /// What is to be done by the owner's policy: what is asked, one step milder while it is tested.
    public DmarcPolicy policy() {
        return isTest() ? asked.milder() : asked;
    }

    /// What is at stake where it could not be told whether the message passes: the strictest of what
    /// the owner may ask for if it does not, one step milder while it is tested; `none` otherwise.
    public DmarcPolicy atStake() {
        if (outcome != DmarcOutcome.TEMPERROR) {
            return DmarcPolicy.NONE;
        }
        DmarcPolicy strictest = published
                .flatMap(found -> found.record().policies().map(policies -> strictest(found, policies)))
                .orElse(DmarcPolicy.NONE);
        return isTest() ? strictest.milder() : strictest;
    }

    private static DmarcPolicy strictest(PublishedPolicy published, DmarcRecord.Policies policies) {
        if (published.source() == PublishedPolicy.Source.AUTHOR) {
            return policies.domain();
        }
        return Collections.max(List.of(policies.forSubdomain(), policies.forMissing()));
    }

    /// Whether the owner only tests the policy (`t=y`).
    public boolean isTest() {
        return published.filter(policy -> policy.record().testing()).isPresent();
    }

    /// Whether something aligned is vouched for by this mechanism.
    public boolean isAligned(AuthenticatedDomain.Mechanism mechanism) {
        return aligned.stream().anyMatch(domain -> domain.mechanism() == mechanism);
    }
}
