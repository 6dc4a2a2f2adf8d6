package dev.postern.guard;

import dev.postern.event.Event;
import dev.postern.kept.Memory;
import java.util.Optional;

/// The bans as they are kept over a restart; of a file that is torn or foreign none is taken over.
///
/// @param store its name for the log
record BanMemory(Bans bans, String store) implements Memory {
    @Override
    public long version() {
        return bans.version();
    }

    @Override
    public Remembered remembered() {
        Bans.Remembered now = bans.remembered();
        return new Remembered(now.version(), BanText.of(now.bans()));
    }

    @Override
    public Optional<String> restore(byte[] octets) {
        return switch (BanText.parse(octets)) {
            case BanText.Result.Good(var kept) -> {
                bans.restore(kept);
                yield Optional.empty();
            }
            case BanText.Result.Bad(String why) -> Optional.of(why);
        };
    }

    @Override
    public Event unreadable(String why) {
        return new GuardEvent.BansUnreadable(store, why);
    }

    @Override
    public Event notSaved(String why) {
        return new GuardEvent.BansNotSaved(store, why);
    }
}
