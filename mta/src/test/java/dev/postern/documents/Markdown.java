package dev.postern.documents;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A Markdown page, read only as far as its links and headings go. Code is not looked into.
///
/// @param prose the lines of the page without its code blocks
public record Markdown(List<String> prose) {

    private static final Pattern INLINE_LINK = Pattern.compile("\\]\\(<?([^)\\s>]+)>?(?:\\s+\"[^\"]*\")?\\)");
    private static final Pattern LINK_DEFINITION = Pattern.compile("^\\s{0,3}\\[[^\\]]+\\]:\\s*<?([^\\s>]+)");
    private static final Pattern HEADING = Pattern.compile("^#{1,6}\\s+(.*?)\\s*#*$");
    private static final Pattern FENCE = Pattern.compile("^\\s*(?:```|~~~).*");
    private static final Pattern ABROAD = Pattern.compile("^[a-z][a-z0-9+.-]*:.*");

    public Markdown {
        prose = List.copyOf(prose);
    }

    /// Reads a page.
    public static Markdown parse(String text) {
        var lines = Stream.<String>builder();
        boolean code = false;
        for (String line : text.lines().toList()) {
            if (FENCE.matcher(line).matches()) {
                code = !code;
            } else if (!code) {
                lines.add(line);
            }
        }
        return new Markdown(lines.build().toList());
    }

    /// The targets of the links that stay inside of the repository, as they are written.
    public List<String> localLinks() {
        return prose.stream()
                .map(line -> line.replaceAll("`[^`]*`", "code"))
                .flatMap(line -> Stream.of(INLINE_LINK, LINK_DEFINITION)
                        .flatMap(pattern -> pattern.matcher(line).results()))
                .map(match -> match.group(1))
                .filter(target -> !ABROAD.matcher(target).matches())
                .toList();
    }

    /// The names under which the headings can be linked: lower case, punctuation dropped, hyphens
    /// for blanks.
    public Set<String> anchors() {
        return prose.stream()
                .map(HEADING::matcher)
                .filter(match -> match.matches())
                .map(match -> match.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N}_ -]", "")
                        .replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    /// The numbered rules of the page: each paragraph, list item or heading that starts with `N.`,
    /// with all that follows it up to the next.
    public List<String> rules() {
        String start = "(?m)^(?=(?:#{1,6}\\s+|\\*\\*)?\\d+\\.\\s)";
        return Arrays.stream(String.join("\n", prose).split(start, -1))
                .filter(part -> Pattern.compile(start).matcher(part).lookingAt())
                .toList();
    }
}
