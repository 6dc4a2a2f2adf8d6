package dev.postern.pressure;

import java.util.Map;
import java.util.Optional;

/// What a server is short of at some moment.
///
/// @param levels of what was measured; what is not in it is calm
public record Pressure(Map<Resource, Level> levels) {
    private static final Pressure CALM = new Pressure(Map.of());

    public Pressure {
        levels = Map.copyOf(levels);
    }

    /// None.
    public static Pressure calm() {
        return CALM;
    }

    /// One resource short, all else calm.
    public static Pressure of(Resource resource, Level level) {
        return new Pressure(Map.of(resource, level));
    }

    /// The level of one resource.
    public Level level(Resource resource) {
        return levels.getOrDefault(resource, Level.CALM);
    }

    /// The worst level among some resources.
    public Level worst(Resource... resources) {
        Level worst = Level.CALM;
        for (Resource resource : resources) {
            Level level = level(resource);
            worst = level.compareTo(worst) > 0 ? level : worst;
        }
        return worst;
    }

    /// The first of some resources that is used up.
    public Optional<Resource> lacking(Resource... resources) {
        for (Resource resource : resources) {
            if (level(resource) == Level.OVERLOADED) {
                return Optional.of(resource);
            }
        }
        return Optional.empty();
    }
}
