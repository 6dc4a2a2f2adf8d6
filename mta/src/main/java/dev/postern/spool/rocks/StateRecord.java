package dev.postern.spool.rocks;

import dev.postern.spool.rocks.RecordReader.Malformed;
import java.util.ArrayList;
import java.util.List;

/// What the spool knows of itself; written with each batch, and so always true of the batches that
/// are on disk.
///
/// @param batch the number of the batch that wrote it, one more than that of the batch before
/// @param messages how many messages there are
/// @param decisions how many records the column family `decision` has
/// @param serial the serial number of the last of them
/// @param idLimit no id above this one has been handed out
/// @param removed messages that this batch removed, whose content goes with the next batch
record StateRecord(long batch, long messages, long decisions, long serial, long idLimit, List<Gone> removed) {
    /// The version that is written; the only one that is read.
    static final int VERSION = 1;

    /// A message that is removed, and its content not yet.
    ///
    /// @param inFile whether the content lies in a file of its own
    record Gone(long id, boolean inFile) {}

    /// The state of a new spool.
    static final StateRecord EMPTY = new StateRecord(0, 0, 0, 0, -1, List.of());

    byte[] encode() {
        RecordWriter out = new RecordWriter().u8(VERSION);
        out.varint(batch).varint(messages).varint(decisions).varint(serial).i64(idLimit);
        out.varint(removed.size());
        removed.forEach(gone -> out.i64(gone.id()).u8(gone.inFile() ? 1 : 0));
        return out.toOctets();
    }

    /// @throws Malformed if the octets are not a record of a known version
    static StateRecord decode(byte[] record) throws Malformed {
        RecordReader in = new RecordReader(record);
        int version = in.u8();
        if (version != VERSION) {
            throw new Malformed("it has record version " + version + ", this Postern reads version " + VERSION
                    + ": a newer Postern may have written it");
        }
        long batch = in.varint();
        long messages = in.varint();
        long decisions = in.varint();
        long serial = in.varint();
        long idLimit = in.i64();
        int count = in.varint(record.length);
        List<Gone> removed = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            removed.add(new Gone(in.i64(), in.flag()));
        }
        in.end();
        return new StateRecord(batch, messages, decisions, serial, idLimit, removed);
    }
}
