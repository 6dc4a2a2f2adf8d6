package dev.postern.blackbox.ledger;

import java.util.List;
import java.util.SplittableRandom;

/// Small letters, some larger ones, and one in fifty that the spool keeps in a file of its own; into inboxes, to
/// the next hop, or both.
record Mixed() implements Mixture {
    private static final int KIB = 1024;
    private static final int INBOXES = 50;

    @Override
    public Letter letter(long number) {
        SplittableRandom sizes = new SplittableRandom(number);
        int kind = sizes.nextInt(50);
        if (kind == 0) {
            return new Letter(number, sizes.nextInt(260 * KIB, 700 * KIB));
        }
        if (kind == 1) {
            return new Letter(number, sizes.nextInt(200 * KIB, 256 * KIB));
        }
        return new Letter(number, kind < 6 ? sizes.nextInt(8 * KIB, 64 * KIB) : sizes.nextInt(8 * KIB));
    }

    @Override
    public List<String> recipients(long number) {
        String inbox = "box" + number % INBOXES + "@box.test";
        String away = "joe@away.test";
        return switch ((int) (number % 10)) {
            case 0 -> List.of(inbox, "shared@box.test", away);
            case 1, 2, 3, 4 -> List.of(inbox);
            default -> List.of(away);
        };
    }
}
