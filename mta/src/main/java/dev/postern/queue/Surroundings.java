package dev.postern.queue;

import dev.postern.event.Events;
import dev.postern.spool.Spool;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/// What the queue stands on.
///
/// @param spool the store of messages and of their schedule
/// @param clock the time of day
/// @param random spreads times; safe for use by many threads
/// @param events where it tells what happened
public record Surroundings(Spool spool, InstantSource clock, RandomGenerator random, Events events) {}
