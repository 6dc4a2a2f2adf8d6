/// Password hashes, certificates we make ourselves, and PEM files; the only package that knows the
/// cryptographic library.
@NullMarked
package dev.postern.crypto;

import org.jspecify.annotations.NullMarked;
