package dev.postern.blackbox.ledger;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// What a ledger comes to in the end.
///
/// @param count the sums
/// @param lost promised and never arrived
/// @param repeatedInOneEra arrived twice although nothing was killed in between
/// @param repeatsByKill what arrived once more after a kill, by the number of the kill from 0: the deliveries that were
///     in flight then
/// @param refusals how often the server said which code
/// @param faults whatever else should not have happened, in words
record Balance(
        Count count,
        Set<Parcel> lost,
        Set<Parcel> repeatedInOneEra,
        Map<Integer, Set<Parcel>> repeatsByKill,
        Map<String, Integer> refusals,
        List<String> faults) {
    /// Sums of a ledger.
    ///
    /// @param kills how often the server was killed
    /// @param promised parcels to which the server said 250
    /// @param arrivals copies of all parcels
    /// @param unpromised parcels that arrived without a 250 that we saw
    /// @param mostCopies of one parcel
    record Count(int kills, int promised, int arrivals, int unpromised, int mostCopies) {}

    Balance {
        lost = Set.copyOf(lost);
        repeatedInOneEra = Set.copyOf(repeatedInOneEra);
        repeatsByKill = Map.copyOf(repeatsByKill);
        refusals = Map.copyOf(refusals);
        faults = List.copyOf(faults);
    }

    /// The most deliveries that one kill repeated; recipients of one letter in one domain are one delivery.
    int mostRepeatsOfOneKill() {
        return repeatsByKill.values().stream()
                .mapToInt(repeated -> repeated.stream()
                        .map(parcel -> new Parcel(parcel.letter(), "@" + parcel.domain()))
                        .collect(Collectors.toSet())
                        .size())
                .max()
                .orElse(0);
    }

    private int repeats() {
        return repeatsByKill.values().stream().mapToInt(Set::size).sum();
    }

    /// One line for the figures.
    @Override
    public String toString() {
        return count.kills + " kills, " + count.promised + " promised, " + lost.size() + " lost, " + count.arrivals
                + " arrived, of them " + repeats() + " again after a kill (at most " + mostRepeatsOfOneKill()
                + " deliveries of one kill, " + count.mostCopies + " copies of one letter) and " + count.unpromised
                + " without a 250; " + repeatedInOneEra.size() + " again without a kill; refusals " + refusals
                + "; faults " + faults;
    }
}
