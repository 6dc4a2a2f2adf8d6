/// Measurements of Postern's parts; no part of the product.
@NullMarked
package dev.postern.bench;

import org.jspecify.annotations.NullMarked;
