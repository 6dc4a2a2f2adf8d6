package dev.postern.mailauth.arc;

import dev.postern.mailauth.dkim.SignatureFault;
import dev.postern.mailauth.dkim.SignatureTags;
import dev.postern.message.HeaderField;
import dev.postern.message.MessageHeader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The sets of a message, put in order.
///
/// @param sets from the first to the last; none if there is no chain, or one that is in no order
/// @param fault why the chain is in no order, a sentence for a human; empty if it is in order, or
///     there is none
/// @param highest the largest instance number; 0 if there is none
/// @param ended whether the last seal says that the chain failed: nobody adds to such a chain
/// @rfc 8617 §5.2
record ArcChain(List<ArcSet> sets, String fault, int highest, boolean ended) {
    /// How long a chain may be (RFC 8617 §4.2.1).
    static final int MOST_SETS = 50;

    private static final Pattern INSTANCE = Pattern.compile("\\s*i\\s*=\\s*([0-9]{1,2})\\s*");

    ArcChain {
        sets = List.copyOf(sets);
    }

    /// The chain of a header.
    static ArcChain read(MessageHeader header) {
        List<HeaderField> results = header.named(ArcSet.RESULTS);
        List<HeaderField> signatures = header.named(ArcSet.SIGNATURE);
        List<HeaderField> seals = header.named(ArcSet.SEAL);
        if (results.isEmpty() && signatures.isEmpty() && seals.isEmpty()) {
            return new ArcChain(List.of(), "", 0, false);
        }
        if (Math.max(results.size(), Math.max(signatures.size(), seals.size())) > MOST_SETS) {
            return new ArcChain(List.of(), "the chain has more than " + MOST_SETS + " sets", MOST_SETS, false);
        }
        return new Ordering().read(results, signatures, seals);
    }

    /// Puts fields in order, and remembers the first thing that is wrong.
    private static final class Ordering {
        private final TreeSet<Integer> instances = new TreeSet<>();
        private String fault = "";

        ArcChain read(List<HeaderField> results, List<HeaderField> signatures, List<HeaderField> seals) {
            Map<Integer, HeaderField> resultsOf = byInstance(results);
            Map<Integer, HeaderField> signatureOf = byInstance(signatures);
            Map<Integer, HeaderField> sealOf = byInstance(seals);
            int highest = instances.isEmpty() ? 0 : instances.last();
            HeaderField last = sealOf.get(highest);
            boolean ended = last != null && says(last, ArcStatus.FAIL);
            List<ArcSet> sets = new ArrayList<>();
            for (int i = 1; i <= highest; i++) {
                HeaderField result = resultsOf.get(i);
                HeaderField signature = signatureOf.get(i);
                HeaderField seal = sealOf.get(i);
                if (result == null || signature == null || seal == null) {
                    wrong("set " + i + " is not complete");
                } else {
                    if (!says(seal, i == 1 ? ArcStatus.NONE : ArcStatus.PASS)) {
                        wrong("seal " + i + " has a cv= that it cannot have");
                    }
                    sets.add(new ArcSet(result, signature, seal));
                }
            }
            if (ended) {
                fault = "seal " + highest + " says that the chain had failed";
            }
            return new ArcChain(fault.isEmpty() ? sets : List.of(), fault, highest, ended);
        }

        private Map<Integer, HeaderField> byInstance(List<HeaderField> fields) {
            Map<Integer, HeaderField> byInstance = new HashMap<>();
            for (HeaderField field : fields) {
                int instance = instance(field);
                if (instance < 1 || instance > MOST_SETS) {
                    wrong("an " + field.name() + " has no instance number from 1 to " + MOST_SETS);
                } else {
                    instances.add(instance);
                    if (byInstance.put(instance, field) != null) {
                        wrong("there are two " + field.name() + " of instance " + instance);
                    }
                }
            }
            return byInstance;
        }

        private void wrong(String what) {
            if (fault.isEmpty()) {
                fault = what;
            }
        }
    }

    /// The instance number of a field; 0 if it has none.
    ///
    /// ```
    /// instance = [CFWS] %s"i" [CFWS] "=" [CFWS] position
    /// position = 1*2DIGIT                          ; 1 - 50
    /// ```
    ///
    /// Deviates: comments are not read there, nobody writes any.
    private static int instance(HeaderField field) {
        String text = field.body();
        if (field.is(ArcSet.RESULTS)) {
            int semicolon = text.indexOf(';');
            Matcher instance = INSTANCE.matcher(semicolon < 0 ? text : text.substring(0, semicolon));
            return instance.matches() ? Integer.parseInt(instance.group(1)) : 0;
        }
        try {
            Matcher instance = INSTANCE.matcher("i=" + SignatureTags.needed(SignatureTags.of(field), "i"));
            return instance.matches() ? Integer.parseInt(instance.group(1)) : 0;
        } catch (SignatureFault noTags) {
            return 0; // what is no list of tags has no number either
        }
    }

    private static boolean says(HeaderField seal, ArcStatus status) {
        try {
            return ArcSeal.status(SignatureTags.of(seal)) == status;
        } catch (SignatureFault none) {
            return false; // a seal without a readable cv= says nothing
        }
    }
}
