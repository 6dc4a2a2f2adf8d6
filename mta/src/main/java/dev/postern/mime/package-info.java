/// The parts of a message (MIME): what they are, where they begin and end, their content decoded; read from a stream,
/// bounded, and with a defined result for whatever comes.
@NullMarked
package dev.postern.mime;

import org.jspecify.annotations.NullMarked;
