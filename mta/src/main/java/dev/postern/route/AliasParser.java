package dev.postern.route;

import dev.postern.dns.DomainName;
import dev.postern.dns.IpText;
import dev.postern.smtp.Host;
import dev.postern.smtp.LocalPart;
import dev.postern.smtp.Mailbox;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Reads one aliases file; used once.
///
/// ```
/// alias   = key ":" target *( "," target ) [ "," ]
/// key     = name / name "@" domain / "@" domain
/// target  = name / name "@" ( domain / "[" address "]" ) / "|" command / DQUOTE "|" command DQUOTE
/// name    = 1*( char / "\" char / DQUOTE *( char / "\" char ) DQUOTE )
/// ```
///
/// A line that begins with a blank goes on with the alias above it; `#` begins a comment at the beginning of a line or
/// after a blank.
final class AliasParser {
    private static final int MAX_FAULTS = 100;
    private static final String IP6_TAG = "IPv6:";

    private final List<AliasText> texts;
    private final boolean programsAllowed;
    private final List<Aliases.Fault> faults = new ArrayList<>();
    private final Map<Aliases.Key, Aliases.Entry> entries = new HashMap<>();

    AliasParser(String text, boolean programsAllowed) {
        this.texts = AliasText.cut(text, faults);
        this.programsAllowed = programsAllowed;
    }

    Aliases.Reading read() {
        for (AliasText text : texts) {
            if (faults.size() >= MAX_FAULTS) {
                break;
            }
            readAlias(text);
        }
        return faults.isEmpty() ? new Aliases.Good(new Aliases(entries.values())) : new Aliases.Bad(faults);
    }

    private void readAlias(AliasText alias) {
        int colon = alias.indexOf(':', 0);
        if (colon < 0) {
            fault(alias.place(0), "a name without targets; write it as  name: target, target");
            return;
        }
        AliasText before = alias.part(0, colon);
        Optional<Aliases.Key> key = key(before);
        List<Aliases.Target> targets = new ArrayList<>();
        boolean all = true;
        int at = colon + 1;
        while (at <= alias.length()) {
            int comma = alias.indexOf(',', at);
            int end = comma < 0 ? alias.length() : comma;
            AliasText word = alias.part(at, end);
            if (!word.isEmpty()) {
                Optional<Aliases.Target> target = target(word);
                all &= target.isPresent();
                target.ifPresent(targets::add);
            } else if (comma >= 0) {
                fault(alias.place(comma), "a comma without a target before it; remove it");
            }
            at = end + 1;
        }
        if (targets.isEmpty() && all) {
            fault(alias.place(colon), "no target; write at least one name or address behind the colon");
        }
        if (key.isPresent()) {
            Aliases.Entry first =
                    entries.putIfAbsent(key.get(), new Aliases.Entry(key.get(), before.place(0), targets));
            if (first != null) {
                fault(
                        before.place(0),
                        key.get() + " has its targets on line " + first.place().line()
                                + " already; write all of them there");
            }
        }
    }

    private Optional<Aliases.Key> key(AliasText text) {
        if (text.isEmpty()) {
            fault(text.place(0), "no name before the colon; write it as  name: target, target");
            return Optional.empty();
        }
        int sign = text.indexOf('@', 0);
        if (sign < 0) {
            return local(text).map(Aliases.Key.Name::new);
        }
        Optional<DomainName> domain = domain(text.part(sign + 1, text.length()));
        if (sign == 0) {
            return domain.map(Aliases.Key.CatchAll::new);
        }
        Optional<String> local = local(text.part(0, sign));
        return domain.flatMap(name -> local.map(part -> new Aliases.Key.Address(part, name)));
    }

    private Optional<Aliases.Target> target(AliasText text) {
        String raw = text.raw();
        if (raw.startsWith("|") || raw.startsWith("\"|")) {
            return program(text);
        }
        if (raw.toLowerCase(Locale.ROOT).startsWith(":include:")) {
            fault(text.place(0), "lists in other files are not read; write their addresses here");
            return Optional.empty();
        }
        if (raw.startsWith("/") || raw.startsWith("\"/")) {
            fault(
                    text.place(0),
                    "mail is not written into files by aliases; write the name of an inbox, or an address");
            return Optional.empty();
        }
        int sign = text.indexOf('@', 0);
        if (sign < 0) {
            return local(text).map(name -> new Aliases.Target.Name(name, text.place(0)));
        }
        if (sign == 0) {
            fault(text.place(0), "a target needs a name before its @");
            return Optional.empty();
        }
        Optional<LocalPart> local = exact(text.part(0, sign));
        AliasText behind = text.part(sign + 1, text.length());
        Optional<Host> host =
                behind.raw().startsWith("[") ? literal(behind) : domain(behind).map(Host.Domain::new);
        return local.flatMap(
                part -> host.map(where -> new Aliases.Target.Address(new Mailbox(part, where), text.place(0))));
    }

    private Optional<Aliases.Target> program(AliasText text) {
        if (!programsAllowed) {
            fault(
                    text.place(0),
                    "programs are not allowed in aliases here; allow them in the configuration, or write an address");
            return Optional.empty();
        }
        String raw = text.raw();
        boolean wrapped = raw.startsWith("\"");
        String command = (wrapped ? text.unquoted() : raw).substring(1);
        Optional<List<String>> words = CommandWords.of(command);
        if (words.isEmpty() || words.get().isEmpty() || !words.get().getFirst().startsWith("/")) {
            fault(
                    text.place(0),
                    "a program is an absolute path and its arguments, with quotes closed: \"|/usr/bin/ticket --new\"");
            return Optional.empty();
        }
        if (words.get().stream().anyMatch(word -> word.chars().anyMatch(Character::isISOControl))) {
            fault(text.place(0), "a control character in a command; remove it");
            return Optional.empty();
        }
        return Optional.of(new Aliases.Target.Run(new Program(words.get()), text.place(0)));
    }

    private Optional<String> local(AliasText text) {
        return exact(text).flatMap(part -> {
            Optional<String> form = LocalNames.canonical(part.value());
            if (form.isEmpty()) {
                fault(text.place(0), "the name is longer than " + LocalPart.MAX_OCTETS + " octets");
            }
            return form;
        });
    }

    private Optional<LocalPart> exact(AliasText text) {
        if (text.hasBareBlank()) {
            fault(text.place(0), "a blank in a name; put the name in quotes, or a comma between two targets");
            return Optional.empty();
        }
        try {
            return Optional.of(new LocalPart(text.unquoted()));
        } catch (IllegalArgumentException notALocalPart) {
            fault(text.place(0), "no name: " + notALocalPart.getMessage());
            return Optional.empty();
        }
    }

    private Optional<DomainName> domain(AliasText text) {
        Optional<DomainName> name = DomainName.parse(text.raw());
        if (name.isEmpty()) {
            fault(text.place(0), "what stands behind the @ is no domain: " + text.raw());
        }
        return name;
    }

    private Optional<Host> literal(AliasText text) {
        String raw = text.raw();
        String inner = raw.endsWith("]") ? raw.substring(1, raw.length() - 1) : "";
        boolean ip6 = inner.regionMatches(true, 0, IP6_TAG, 0, IP6_TAG.length());
        Optional<Host> host = ip6
                ? IpText.ip6(inner.substring(IP6_TAG.length())).map(Host.AddressLiteral::new)
                : IpText.ip4(inner).map(Host.AddressLiteral::new);
        if (host.isEmpty()) {
            fault(text.place(0), "no address literal; write it as [192.0.2.1] or [IPv6:2001:db8::1]");
        }
        return host;
    }

    private void fault(Aliases.Place place, String what) {
        faults.add(new Aliases.Fault(place, what));
    }
}
