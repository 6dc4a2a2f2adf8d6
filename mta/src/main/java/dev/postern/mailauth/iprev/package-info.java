/// The method `iprev` (RFC 8601 §3): whether the names that an address has in DNS lead back to it.
@NullMarked
package dev.postern.mailauth.iprev;

import org.jspecify.annotations.NullMarked;
