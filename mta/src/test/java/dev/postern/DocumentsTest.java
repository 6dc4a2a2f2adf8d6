package dev.postern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.postern.documents.Markdown;
import dev.postern.documents.RfcIndex;
import dev.postern.documents.SectionIndex;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The documents tell the truth about the tree: links, standards, rules and their tests; and nothing stands in any file
/// that belongs elsewhere.
class DocumentsTest {

    private static final Path ROOT = Repository.root();

    /// Names a test class and perhaps one of its methods: `RelayTest`, `RelayTest.percentHack` or
    /// `RelayTest#percentHack`.
    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w*Test)(?:[.#](\\w+))?(?:\\(\\))?`");

    /// The same in the index of sections, where no quotes are about it.
    private static final Pattern PROOF = Pattern.compile("^(?:[a-z.]+\\.)?([A-Z]\\w*Test)(?:#(\\w+))?$");

    private static final Pattern SECTION = Pattern.compile("(?:RFC|@rfc) 5321 §(\\d+(?:\\.\\d+)*)");

    /// Words for work that was left undone, the addresses of package registries, and this very folder. The words are
    /// put together here so that this file does not hold them.
    private static final Pattern BANNED =
            Pattern.compile("\\b(?:TO" + "DO|FIX" + "ME)\\b|https?://(?:repo|registry|deb)[.0-9a-z-]*\\.|(?<![\\w.])/ro"
                    + "ot/|" + Pattern.quote(ROOT + "/"));

    /// Text of the tree by file: everything but messages and other exact octets.
    private static final Map<Path, String> texts = new TreeMap<>();

    @BeforeAll
    static void read() throws IOException {
        for (Path file : Repository.files()) {
            String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            if (text.indexOf('\0') < 0 && !file.toString().matches(".*\\.(?:eml|msg)")) {
                texts.put(file, text);
            }
        }
        assertThat(texts).containsKey(ROOT.resolve("pom.xml"));
    }

    @Test
    void everyLocalLinkPointsToSomething() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path page : files(".*\\.md")) {
            for (String link : Markdown.parse(text(page)).localLinks()) {
                if (!leadsSomewhere(page, link)) {
                    broken.add(ROOT.relativize(page) + " -> " + link);
                }
            }
        }
        assertThat(broken).as("links that point to nothing").isEmpty();
    }

    @Test
    void everyStandardThatIsReferredToStandsInTheIndex() {
        Path file = ROOT.resolve("doc/rfc/index.tsv");
        assumeThat(file).as("doc/rfc/index.tsv is not written yet").exists();
        var index = RfcIndex.parse(text(file).lines().toList());
        Map<String, List<String>> unlisted = new TreeMap<>();
        for (Path source : files(".*/src/main/java/.*\\.java|.*\\.md")) {
            index.unlisted(text(source))
                    .forEach(number -> unlisted.computeIfAbsent("RFC " + number, _ -> new ArrayList<>())
                            .add(source.getFileName().toString()));
        }
        assertThat(unlisted)
                .as("standards that doc/rfc/index.tsv does not list, and who refers to them")
                .isEmpty();
    }

    @Test
    void everySecurityRuleNamesTestsThatExist() {
        Path file = ROOT.resolve("SECURITY.md");
        assumeThat(file).as("SECURITY.md is not written yet").exists();
        List<String> rules = Markdown.parse(text(file)).rules();
        assertThat(rules).as("numbered rules of SECURITY.md").isNotEmpty();
        List<String> broken = new ArrayList<>();
        for (String rule : rules) {
            List<MatchResult> tests = TEST.matcher(rule).results().toList();
            String start = rule.lines().findFirst().orElseThrow();
            if (tests.isEmpty()) {
                broken.add("no test holds the rule: " + start);
            }
            tests.stream()
                    .filter(test -> !exists(test))
                    .forEach(test -> broken.add("there is no " + test.group() + " for the rule: " + start));
        }
        assertThat(broken).as("rules of SECURITY.md without a test").isEmpty();
    }

    /// Also where the manual says which test holds what it promises.
    @Test
    void everyTestThatTheManualNamesExists() throws IOException {
        List<String> missing = new ArrayList<>();
        int named = 0;
        for (Path page : files(".*/doc/operator/.*\\.md")) {
            List<MatchResult> tests = TEST.matcher(text(page)).results().toList();
            named += tests.size();
            tests.stream()
                    .filter(test -> !exists(test))
                    .forEach(test -> missing.add(page.getFileName() + ": there is no " + test.group()));
        }
        assertThat(named).isPositive();
        assertThat(missing).isEmpty();
    }

    @Test
    void everySectionOfRfc5321IsHeldByTestsThatExist() {
        List<SectionIndex.Section> sections = rfc5321().sections();
        assertThat(sections).hasSizeGreaterThan(60);
        List<String> broken = new ArrayList<>();
        for (SectionIndex.Section section : sections) {
            section.proofs().stream()
                    .filter(proof -> !isProof(proof))
                    .forEach(proof -> broken.add("§" + section.number() + ": there is no " + proof));
        }
        assertThat(broken).as("proofs of doc/rfc/5321.tsv").isEmpty();
    }

    @Test
    void everySectionOfRfc5321ThatTheSourcesReferToIsListed() {
        SectionIndex index = rfc5321();
        List<String> unlisted = new ArrayList<>();
        for (Path source : files(".*/src/main/java/.*\\.java")) {
            SECTION.matcher(text(source))
                    .results()
                    .map(reference -> reference.group(1))
                    .filter(number -> !index.lists(number))
                    .forEach(number -> unlisted.add(source.getFileName() + ": §" + number));
        }
        assertThat(unlisted).isEmpty();
    }

    private static SectionIndex rfc5321() {
        return SectionIndex.parse(text(ROOT.resolve("doc/rfc/5321.tsv")).lines().toList());
    }

    /// A dialogue, or a test as SECURITY.md names them, perhaps with its package in front.
    private static boolean isProof(String proof) {
        if (proof.startsWith("dialogues/")) {
            return Files.exists(ROOT.resolve("mta/src/test/resources/" + proof + ".txt"));
        }
        return PROOF.matcher(proof).results().anyMatch(DocumentsTest::exists);
    }

    @Test
    void nothingStandsHereThatBelongsElsewhere() {
        List<String> finds = new ArrayList<>();
        texts.forEach((file, text) -> text.lines()
                .filter(line -> BANNED.matcher(line).find())
                .forEach(line -> finds.add(ROOT.relativize(file) + ": " + line.strip())));
        assertThat(finds)
                .as("unfinished work, addresses of package registries, paths of one machine")
                .isEmpty();
    }

    private static boolean leadsSomewhere(Path page, String link) throws IOException {
        String[] parts = link.split("#", 2);
        Path folder = page.getParent();
        Path target = parts[0].isEmpty() ? page : folder.resolve(parts[0]).normalize();
        if (!target.startsWith(ROOT) || !Files.exists(target)) {
            return false;
        }
        return parts.length == 1
                || !target.toString().endsWith(".md")
                || Markdown.parse(Files.readString(target)).anchors().contains(parts[1]);
    }

    private static boolean exists(MatchResult test) {
        return files(".*/src/test/java/.*/" + test.group(1) + "\\.java").stream()
                .anyMatch(file -> test.group(2) == null || text(file).contains(" " + test.group(2) + "("));
    }

    private static List<Path> files(String pattern) {
        return texts.keySet().stream()
                .filter(file -> ("/" + ROOT.relativize(file)).matches(pattern))
                .toList();
    }

    private static String text(Path file) {
        String text = texts.get(file);
        if (text == null) {
            throw new IllegalArgumentException("no text under version control: " + file);
        }
        return text;
    }
}
