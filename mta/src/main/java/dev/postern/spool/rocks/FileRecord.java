package dev.postern.spool.rocks;

import dev.postern.spool.rocks.RecordReader.Malformed;

/// What the column family `file` knows of a content that lies in a file of its own.
///
/// @param octets its length
/// @param checksum CRC-32C of its octets
record FileRecord(long octets, int checksum) {
    /// The version that is written; the only one that is read.
    static final int VERSION = 1;

    byte[] encode() {
        return new RecordWriter().u8(VERSION).varint(octets).u32(checksum).toOctets();
    }

    /// @throws Malformed if the octets are not a record of a known version
    static FileRecord decode(byte[] record) throws Malformed {
        RecordReader in = new RecordReader(record);
        int version = in.u8();
        if (version != VERSION) {
            throw new Malformed("it has record version " + version + ", this Postern reads version " + VERSION);
        }
        FileRecord file = new FileRecord(in.varint(), in.u32());
        in.end();
        return file;
    }
}
