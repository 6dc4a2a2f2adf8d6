package dev.postern.spool;

/// What a next hop must be able to take, learnt while the content came in.
///
/// @param octets the size of the content as it was given, without the fields that were put on top
/// @param eightBit whether an octet above 127 is in it
/// @param eightBitHeader whether one is in the header, so that SMTPUTF8 is needed (RFC 6532)
/// @param longestLine octets, CRLF not counted
public record ContentTraits(long octets, boolean eightBit, boolean eightBitHeader, int longestLine) {}
