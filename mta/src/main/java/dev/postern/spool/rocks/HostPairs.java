package dev.postern.spool.rocks;

import dev.postern.smtp.Host;
import dev.postern.spool.SearchTerms;
import dev.postern.spool.rocks.RecordReader.Malformed;
import dev.postern.spool.rocks.Summary.Pair;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Remembers within one search which pairs of hosts are meant, so that each is asked for once; used by one thread.
///
/// A list of pairs begins with their hashes: a pair that is known is not read.
final class HostPairs {
    private static final int MOST_KNOWN = 200_000;

    private final SearchTerms.Hosts hosts;
    private final Map<Long, Boolean> known = new HashMap<>();

    HostPairs(SearchTerms.Hosts hosts) {
        this.hosts = hosts;
    }

    static byte[] encode(Collection<Pair> pairs) {
        RecordWriter out = new RecordWriter().u32(pairs.size());
        for (Pair pair : pairs) {
            String text =
                    pair.recipient() + " " + pair.sender().map(Host::toString).orElse("");
            out.i64(GramFilter.hash(text, 0, text.length()));
        }
        for (Pair pair : pairs) {
            MessageRecord.write(out, pair.recipient());
            out.u8(pair.sender().isPresent() ? 1 : 0);
            pair.sender().ifPresent(sender -> MessageRecord.write(out, sender));
        }
        return out.toOctets();
    }

    /// Whether one of a list of pairs may be meant.
    ///
    /// @throws Malformed if the octets are no such list
    boolean mayBeMeant(byte[] list) throws Malformed {
        ByteBuffer octets = ByteBuffer.wrap(list);
        int count = list.length < Integer.BYTES ? -1 : octets.getInt();
        if (count < 0 || count > octets.remaining() / Long.BYTES) {
            throw new Malformed("a list of pairs that is cut off");
        }
        boolean unknown = false;
        for (int i = 0; i < count; i++) {
            Boolean meant = known.get(octets.getLong());
            if (meant == null) {
                unknown = true;
            } else if (meant) {
                return true;
            }
        }
        return unknown && ask(list, count);
    }

    private boolean ask(byte[] list, int count) throws Malformed {
        if (known.size() > MOST_KNOWN) {
            known.clear();
        }
        ByteBuffer hashes = ByteBuffer.wrap(list, Integer.BYTES, count * Long.BYTES);
        RecordReader in = new RecordReader(list);
        in.skip(Integer.BYTES + count * Long.BYTES);
        boolean any = false;
        for (int i = 0; i < count; i++) {
            Host recipient = MessageRecord.host(in);
            Optional<Host> sender = in.flag() ? Optional.of(MessageRecord.host(in)) : Optional.empty();
            any |= known.computeIfAbsent(hashes.getLong(), _ -> hosts.mayBeMeant(recipient, sender));
        }
        in.end();
        return any;
    }
}
