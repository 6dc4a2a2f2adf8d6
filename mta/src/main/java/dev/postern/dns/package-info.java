/// Names and answers of the domain name system, without any input or output.
@NullMarked
package dev.postern.dns;

import org.jspecify.annotations.NullMarked;
