/// The grammar and the words of RFC 5321: paths, envelopes, commands, replies, status codes.
@NullMarked
package dev.postern.smtp;

import org.jspecify.annotations.NullMarked;
