/// The octets of RFC 5322: header fields found while they pass, dates, message ids.
@NullMarked
package dev.postern.message;

import org.jspecify.annotations.NullMarked;
