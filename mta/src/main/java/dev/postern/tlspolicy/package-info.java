/// How well a session with another server must be protected, and what is told of how it went: the words that DANE,
/// MTA-STS, the configuration and reports share.
@NullMarked
package dev.postern.tlspolicy;

import org.jspecify.annotations.NullMarked;
