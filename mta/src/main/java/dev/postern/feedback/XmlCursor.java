package dev.postern.feedback;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackReader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/// A place in an XML document that goes forward only, from element to element; elements are known by
/// their local names.
///
/// The document is read as UTF-8, whatever it says, and what is no UTF-8 becomes U+FFFD. Document
/// types are refused, so there are no entities but the five of XML.
final class XmlCursor {
    /// The most elements within each other.
    static final int DEEPEST = 30;

    /// The most elements of a document.
    static final int MOST_ELEMENTS = 2_000_000;

    private static final int BYTE_ORDER_MARK = 0xFEFF;

    private final XMLStreamReader reader;
    private int depth;
    private int elements;

    /// @param document the document; its octets are bounded
    /// @throws BrokenReportException if it has no root element
    XmlCursor(InputStream document) throws IOException {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, false);
        InputStreamReader characters = new InputStreamReader(
                document,
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPLACE)
                        .onUnmappableCharacter(CodingErrorAction.REPLACE));
        PushbackReader start = new PushbackReader(characters);
        int first = start.read();
        if (first >= 0 && first != BYTE_ORDER_MARK) {
            start.unread(first);
        }
        try {
            reader = factory.createXMLStreamReader(new MarkupReader(start));
        } catch (XMLStreamException malformed) {
            throw broken(malformed);
        }
        while (next() != XMLStreamConstants.START_ELEMENT) {
            // comments and instructions before the root
        }
    }

    /// The name of the element that the cursor is in, without prefix.
    String name() {
        return reader.getLocalName();
    }

    /// Goes into the next element within the one that the cursor is in.
    ///
    /// @return false if there is none: the cursor is at the end of its element, and out of it
    boolean child() throws IOException {
        while (true) {
            switch (next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    return true;
                }
                case XMLStreamConstants.END_ELEMENT -> {
                    return false;
                }
                default -> {} // text between elements
            }
        }
    }

    /// The text of the element that the cursor is in, without that of elements within it, made
    /// harmless; the cursor goes out of the element.
    String text() throws IOException {
        StringBuilder text = new StringBuilder();
        while (true) {
            switch (next()) {
                case XMLStreamConstants.START_ELEMENT -> skip();
                case XMLStreamConstants.END_ELEMENT -> {
                    return Words.clean(text.toString());
                }
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> append(text);
                default -> {} // comments and instructions
            }
        }
    }

    private void append(StringBuilder text) {
        int room = 2 * Words.LONGEST - text.length();
        text.append(reader.getTextCharacters(), reader.getTextStart(), Math.min(room, reader.getTextLength()));
    }

    /// Goes out of the element that the cursor is in.
    void skip() throws IOException {
        int outside = depth - 1;
        while (depth > outside) {
            next();
        }
    }

    private int next() throws IOException {
        int event;
        try {
            if (!reader.hasNext()) {
                throw new BrokenReportException("the XML has no element");
            }
            event = reader.next();
        } catch (XMLStreamException malformed) {
            throw broken(malformed);
        }
        if (event == XMLStreamConstants.START_ELEMENT) {
            depth++;
            elements++;
            if (depth > DEEPEST || elements > MOST_ELEMENTS) {
                throw new BrokenReportException("the XML has more than " + MOST_ELEMENTS + " elements, or more than "
                        + DEEPEST + " within each other");
            }
        } else if (event == XMLStreamConstants.END_ELEMENT) {
            depth--;
        }
        return event;
    }

    /// What the parser says, or what the stream below it said.
    private static IOException broken(XMLStreamException malformed) {
        if (malformed.getNestedException() instanceof IOException below) {
            return below;
        }
        if (malformed.getCause() instanceof IOException below) {
            return below;
        }
        return new BrokenReportException(
                "the XML is malformed in line " + malformed.getLocation().getLineNumber());
    }
}
