package dev.postern.event;

/// Something that happened and is worth telling; every package that has something to tell seals its
/// own family of records.
public interface Event {}
