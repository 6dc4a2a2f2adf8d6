package dev.postern.tlspolicy.mtasts;

import dev.postern.event.Event;
import dev.postern.event.Events;
import dev.postern.kept.Memory;
import java.util.Optional;

/// The policies as they are kept over a restart; lines of a file that were damaged are told and left out.
///
/// @param store its name for the log
public record PolicyMemory(StsPolicies policies, String store, Events events) implements Memory {
    @Override
    public long version() {
        return policies.version();
    }

    @Override
    public Remembered remembered() {
        StsPolicies.Remembered now = policies.remembered();
        return new Remembered(now.version(), KeptText.of(now.policies()));
    }

    @Override
    public Optional<String> restore(byte[] octets) {
        return switch (KeptText.parse(octets)) {
            case KeptText.Result.Good good -> {
                policies.restore(good.policies());
                if (good.damaged() > 0) {
                    events.emit(new StsEvent.StsPoliciesUnreadable(
                            store, good.damaged(), "some lines are damaged and were left out"));
                }
                yield Optional.empty();
            }
            case KeptText.Result.Bad(String why) -> Optional.of(why);
        };
    }

    @Override
    public Event unreadable(String why) {
        return new StsEvent.StsPoliciesUnreadable(store, 0, why);
    }

    @Override
    public Event notSaved(String why) {
        return new StsEvent.StsPoliciesNotSaved(store, why);
    }
}
