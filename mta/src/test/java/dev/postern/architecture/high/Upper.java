package dev.postern.architecture.high;

import dev.postern.architecture.low.Lower;

/// Stands above [Lower] and may use it.
public final class Upper {

    /// What [Lower] is called.
    public String name() {
        return Lower.name() + Lower.NAME;
    }
}
