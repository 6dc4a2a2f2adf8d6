import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/// Sums up the XML reports of Surefire and Failsafe: `java dev/TestReport.java [--hurt] FOLDER...`.
///
/// It names what failed and why tests were skipped; its last line is `N passed, M failed, K skipped`. With `--hurt` the
/// build itself failed, and that counts as a failure more. The exit code is 0 only where something passed and nothing
/// failed.
final class TestReport {

    private static final int LONGEST_REASON = 300;

    private int passed;
    private final List<String> failures = new ArrayList<>();
    private final Map<String, Integer> skips = new TreeMap<>();

    private TestReport() {}

    public static void main(String[] args) throws IOException, XMLStreamException {
        var report = new TestReport();
        boolean hurt = false;
        for (String arg : args) {
            if (arg.equals("--hurt")) {
                hurt = true;
            } else {
                report.readFolder(Path.of(arg));
            }
        }
        if (hurt) {
            report.failures.add("the build itself (see above)");
        }
        report.print();
        System.exit(report.failures.isEmpty() && report.passed > 0 ? 0 : 1);
    }

    private void readFolder(Path folder) throws IOException, XMLStreamException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(TestReport::isReport).sorted().toList()) {
                readFile(file);
            }
        }
    }

    private static boolean isReport(Path file) {
        String name = file.getFileName().toString();
        return name.startsWith("TEST-") && name.endsWith(".xml");
    }

    private void readFile(Path file) throws IOException, XMLStreamException {
        try (InputStream in = Files.newInputStream(file)) {
            XMLStreamReader xml = XMLInputFactory.newFactory().createXMLStreamReader(in);
            while (xml.hasNext()) {
                if (xml.next() == XMLStreamConstants.START_ELEMENT
                        && xml.getLocalName().equals("testcase")) {
                    readCase(xml);
                }
            }
        }
    }

    private void readCase(XMLStreamReader xml) throws XMLStreamException {
        String name = xml.getAttributeValue(null, "classname") + "." + xml.getAttributeValue(null, "name");
        String failure = null;
        String skip = null;
        while (xml.next() != XMLStreamConstants.END_ELEMENT || !xml.getLocalName().equals("testcase")) {
            if (xml.isStartElement()) {
                switch (xml.getLocalName()) {
                    case "failure", "error" -> failure = reason(xml);
                    case "skipped" -> skip = reason(xml);
                    default -> {}
                }
            }
        }
        if (failure != null) {
            failures.add(name + ": " + failure);
        } else if (skip != null) {
            skips.merge(skip, 1, Integer::sum);
        } else {
            passed++;
        }
    }

    /// The message of an element, or else the text before the stack trace in it, on one line.
    private static String reason(XMLStreamReader xml) throws XMLStreamException {
        String message = xml.getAttributeValue(null, "message");
        String text = xml.getElementText();
        String line = (message == null ? text : message)
                .lines()
                .takeWhile(words -> !words.startsWith("\tat "))
                .map(String::strip)
                .filter(words -> !words.isEmpty())
                .collect(Collectors.joining(" "))
                .replaceFirst("^(?:[a-z0-9]+\\.)+[A-Z]\\w*(?:: ?|$)", "")
                .replaceFirst("^(?i:assumption (?:failed|was not met due to)): ", "")
                .replaceFirst("^(\\[[^\\]]+\\]) Expecting .*", "$1");
        return line.length() <= LONGEST_REASON ? line : line.substring(0, LONGEST_REASON) + "...";
    }

    private void print() {
        failures.forEach(failure -> System.out.println("FAILED   " + failure));
        skips.forEach((reason, count) -> System.out.println("SKIPPED  " + count + " x " + reason));
        int skipped = skips.values().stream().mapToInt(Integer::intValue).sum();
        System.out.println(passed + " passed, " + failures.size() + " failed, " + skipped + " skipped");
    }
}
