package dev.postern.bench.beside;

/// A running server that relays to the sink.
///
/// @param name as it stands in the table
/// @param port where it takes mail, on 127.0.0.1
/// @param tree its processes, and those of the programs that work for it
record Contender(String name, int port, ProcessTree tree) {}
