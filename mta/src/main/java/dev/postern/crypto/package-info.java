/// Hashes, keys and certificates as octets and as PEM, the names and purposes of certificates, those that we make
/// ourselves, and files with secrets; the only package that knows the cryptographic library.
@NullMarked
package dev.postern.crypto;

import org.jspecify.annotations.NullMarked;
