package dev.postern.event;

/// A record within an event whose components are told as fields of the event itself.
public interface EventPart {}
