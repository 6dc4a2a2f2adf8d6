package dev.postern.blackbox.ledger;

import java.util.List;

/// What a load consists of: size and recipients of each letter follow from its number.
interface Mixture {
    /// The letter of this number.
    Letter letter(long number);

    /// Its recipients, at least one, in lower case.
    List<String> recipients(long number);
}
