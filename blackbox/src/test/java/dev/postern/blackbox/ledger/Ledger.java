package dev.postern.blackbox.ledger;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// The book of what the server promised and of what arrived. Touched by many threads; its own monitor guards every
/// field.
///
/// Time is counted in eras: the life of one process of the server, ended by a kill. A copy belongs to the era in which
/// it was delivered.
final class Ledger {
    private long nextLetter;
    private int era;
    private int promises;
    private int outstanding;
    private final Map<Parcel, Entry> entries = new HashMap<>();
    private final Map<String, Integer> refusals = new TreeMap<>();
    private final List<String> faults = new ArrayList<>();

    /// Whether a parcel was promised, and the eras in which copies of it arrived.
    private static final class Entry {
        private boolean promised;
        private final List<Integer> copies = new ArrayList<>(1);
    }

    /// The number for a new letter.
    synchronized long next() {
        return nextLetter++;
    }

    /// The present era, from 0.
    synchronized int era() {
        return era;
    }

    /// The server was killed, and all that it had delivered is entered.
    synchronized void endEra() {
        era++;
    }

    /// The server said 250 to a letter, for these recipients.
    synchronized void promised(long letter, Collection<String> recipients) {
        for (String recipient : recipients) {
            Entry entry = entry(letter, recipient);
            if (entry.promised) {
                faults.add("letter " + letter + " was promised twice to " + recipient);
            }
            entry.promised = true;
            promises++;
            if (entry.copies.isEmpty()) {
                outstanding++;
            }
        }
        notifyAll();
    }

    /// A letter was refused.
    ///
    /// @param reply its code and enhanced code
    synchronized void refused(String reply) {
        refusals.merge(reply, 1, Integer::sum);
    }

    /// A message arrived at this address.
    ///
    /// @param copy empty when it is none of our letters
    synchronized void arrived(Optional<Copy> copy, String recipient) {
        if (copy.isEmpty()) {
            faults.add("mail that nobody sent arrived at " + recipient);
            return;
        }
        long letter = copy.get().letter();
        if (letter >= nextLetter) {
            faults.add("letter " + letter + " arrived at " + recipient + " and was never sent");
            return;
        }
        if (!copy.get().whole()) {
            faults.add("letter " + letter + " arrived damaged at " + recipient);
            return;
        }
        Entry entry = entry(letter, recipient);
        if (entry.promised && entry.copies.isEmpty()) {
            outstanding--;
        }
        entry.copies.add(era);
    }

    /// Something happened that should not.
    synchronized void fault(String words) {
        faults.add(words);
    }

    /// How many parcels were promised so far.
    synchronized int promises() {
        return promises;
    }

    /// Waits until so many parcels were promised.
    ///
    /// @param boundNanos how long at most
    /// @return whether they were
    synchronized boolean awaitPromises(int count, long boundNanos) throws InterruptedException {
        long end = System.nanoTime() + boundNanos;
        while (promises < count) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            wait(left / 1_000_000 + 1);
        }
        return true;
    }

    /// How many promised parcels have not arrived.
    synchronized int outstanding() {
        return outstanding;
    }

    /// What all entries together come to.
    synchronized Balance balance() {
        Set<Parcel> lost = new HashSet<>();
        Set<Parcel> repeatedInOneEra = new HashSet<>();
        Map<Integer, Set<Parcel>> repeats = new TreeMap<>();
        int arrivals = 0;
        int unpromised = 0;
        int mostCopies = 0;
        for (Map.Entry<Parcel, Entry> line : entries.entrySet()) {
            Parcel parcel = line.getKey();
            List<Integer> copies = line.getValue().copies;
            arrivals += copies.size();
            mostCopies = Math.max(mostCopies, copies.size());
            if (copies.isEmpty()) {
                lost.add(parcel);
            } else if (!line.getValue().promised) {
                unpromised++;
            }
            for (int i = 1; i < copies.size(); i++) {
                int before = copies.get(i - 1);
                if (before == copies.get(i)) {
                    repeatedInOneEra.add(parcel);
                } else {
                    repeats.computeIfAbsent(before, _ -> new HashSet<>()).add(parcel);
                }
            }
        }
        Balance.Count count = new Balance.Count(era, promises, arrivals, unpromised, mostCopies);
        return new Balance(count, lost, repeatedInOneEra, repeats, refusals, faults);
    }

    private Entry entry(long letter, String recipient) {
        return entries.computeIfAbsent(new Parcel(letter, recipient), _ -> new Entry());
    }
}
