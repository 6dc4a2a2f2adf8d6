package dev.postern.spool.rocks;

import dev.postern.spool.rocks.RecordReader.Malformed;
import java.time.Instant;

/// A message that cannot be read or delivered because something of it is damaged or gone: taken out
/// of the schedule and kept as it is.
///
/// @param at when it was found
/// @param why what is wrong with it
/// @param record its record from the column family `message`, untouched
@SuppressWarnings("ArrayRecordComponent") // neither compared nor changed
record AsideRecord(Instant at, String why, byte[] record) {
    /// The version that is written; the only one that is read.
    static final int VERSION = 1;

    byte[] encode() {
        return new RecordWriter()
                .u8(VERSION)
                .instant(at)
                .text(why)
                .octets(record)
                .toOctets();
    }

    /// @throws Malformed if the octets are not a record of a known version
    static AsideRecord decode(byte[] octets) throws Malformed {
        RecordReader in = new RecordReader(octets);
        int version = in.u8();
        if (version != VERSION) {
            throw new Malformed("it has record version " + version + ", this Postern reads version " + VERSION);
        }
        AsideRecord aside = new AsideRecord(in.instant(), in.text(), in.octets());
        in.end();
        return aside;
    }
}
