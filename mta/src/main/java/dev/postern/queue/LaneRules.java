package dev.postern.queue;

/// Tells how much the next hop of a lane may get; quick, from memory, never throws.
@FunctionalInterface
public interface LaneRules {
    /// The bounds of a lane.
    ///
    /// @param lane its name
    LaneBounds of(String lane);
}
