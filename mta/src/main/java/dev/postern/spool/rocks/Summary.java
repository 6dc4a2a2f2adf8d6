package dev.postern.spool.rocks;

import dev.postern.smtp.Host;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.Postmaster;
import dev.postern.spool.RecipientState;
import dev.postern.spool.RecipientState.Status;
import dev.postern.spool.SpooledMessage;
import dev.postern.spool.rocks.RecordReader.Malformed;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What the index keeps of the messages of a segment, so that a search need not read those where nothing can be found.
/// It may promise too much, never too little, whatever messages are removed since.
///
/// @param messages how many there were when it was made
/// @param earliest the earliest arrival, in nanoseconds since 1970
/// @param held whether one was held
/// @param columns the rest, by what is searched
record Summary(long messages, long earliest, boolean held, Map<Column, byte[]> columns) {
    /// The version that is written; segments with another one are summarized anew.
    static final int VERSION = 1;

    /// More pairs of hosts than that are not listed.
    private static final int MOST_PAIRS = 4096;

    /// What of a segment has a value of its own.
    enum Column {
        /// Filter of the addresses of recipients, and of those that the senders named.
        RECIPIENT(1),
        /// Filter of the reverse-paths.
        SENDER(2),
        /// Filter of what the last attempts met.
        PROBLEM(3),
        /// The pairs of hosts of recipients and senders: {@link HostPairs}.
        HOSTS(4);

        private final int kind;

        Column(int kind) {
            this.kind = kind;
        }

        /// The kind of its keys in the column family `index`.
        int kind() {
            return kind;
        }
    }

    /// The pair of hosts of a recipient and a sender.
    record Pair(Host recipient, Optional<Host> sender) {}

    /// The summary of messages.
    static Summary of(List<SpooledMessage> messages) {
        GramFilter.Builder recipients = new GramFilter.Builder();
        GramFilter.Builder senders = new GramFilter.Builder();
        GramFilter.Builder problems = new GramFilter.Builder();
        Set<Pair> pairs = new LinkedHashSet<>();
        boolean listed = true; // whether hosts alone tell the lanes
        boolean held = false;
        Instant earliest = Instant.MAX;
        for (SpooledMessage message : messages) {
            held |= message.held();
            listed &= message.orders().via().isEmpty();
            earliest = message.arrived().isBefore(earliest) ? message.arrived() : earliest;
            senders.add(
                    message.reversePath().isNull()
                            ? "<>"
                            : message.reversePath().toString());
            Optional<Host> sender =
                    message.reversePath() instanceof Mailbox mailbox ? Optional.of(mailbox.host()) : Optional.empty();
            for (RecipientState recipient : message.recipients()) {
                recipients.add(recipient.recipient().path().toString());
                recipient.originally().ifPresent(recipients::add);
                if (recipient.status() instanceof Status.Pending pending) {
                    pending.lastProblem().ifPresent(problems::add);
                }
                listed &= !(recipient.status() instanceof Status.Untold);
                switch (recipient.recipient().path()) {
                    case Postmaster _ -> listed = false;
                    case Mailbox mailbox -> pairs.add(new Pair(mailbox.host(), sender));
                }
            }
        }
        Map<Column, byte[]> columns = new EnumMap<>(Column.class);
        columns.put(Column.RECIPIENT, recipients.toOctets());
        columns.put(Column.SENDER, senders.toOctets());
        columns.put(Column.PROBLEM, problems.toOctets());
        if (listed && pairs.size() <= MOST_PAIRS) {
            columns.put(Column.HOSTS, HostPairs.encode(pairs));
        }
        return new Summary(messages.size(), Keys.nanos(earliest), held, columns);
    }

    /// The head of it, which is kept in memory: all but the columns.
    byte[] head() {
        return new RecordWriter()
                .u8(VERSION)
                .varint(messages)
                .varint(earliest)
                .u8(held ? 1 : 0)
                .toOctets();
    }

    /// About how many octets it writes.
    long octets() {
        return columns.values().stream().mapToLong(column -> column.length).sum();
    }

    /// A summary without its columns.
    ///
    /// @throws Malformed if the octets are not the head of a known version
    static Summary ofHead(byte[] head) throws Malformed {
        RecordReader in = new RecordReader(head);
        int version = in.u8();
        if (version != VERSION) {
            throw new Malformed("it has record version " + version);
        }
        Summary summary = new Summary(in.varint(), in.varint(), in.flag(), Map.of());
        in.end();
        return summary;
    }
}
