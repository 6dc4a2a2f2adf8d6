package dev.postern.policy;

import dev.postern.pressure.Pressure;
import dev.postern.pressure.Resource;
import dev.postern.smtp.Reply;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Takes no new mail from other servers while disk or memory are nearly used up: what is left is kept for users, for
/// what was begun, and for deliveries.
public final class PressurePolicy implements Policy {
    private static final String RULE = "pressure";
    private static final Reply NO_DISK = Reply.of(452, "4.3.1", "no room for more mail now, come again later");
    private static final Reply NO_MEMORY = Reply.of(452, "4.3.1", "no memory for more mail now, come again later");

    private final Predicate<SessionFacts> trusts;
    private final Supplier<Pressure> pressure;

    /// @param trusts whether a client is a user, a program of this machine or a host that is listed
    public PressurePolicy(Predicate<SessionFacts> trusts, Supplier<Pressure> pressure) {
        this.trusts = trusts;
        this.pressure = pressure;
    }

    @Override
    public Verdict mail(SessionFacts session, MailFacts mail) {
        Optional<Resource> lacking = pressure.get().lacking(Resource.DISK, Resource.MEMORY);
        if (lacking.isEmpty() || session.role() != ListenerRole.MX || trusts.test(session)) {
            return Verdict.noOpinion();
        }
        return new Verdict.Defer(
                RULE,
                "this server runs short of " + lacking.get().label(),
                Map.of("short-of", lacking.get().label()),
                lacking.get() == Resource.DISK ? NO_DISK : NO_MEMORY);
    }
}
