/// The durable store of accepted messages: what the 250 after the end of data promises.
@NullMarked
package dev.postern.spool;

import org.jspecify.annotations.NullMarked;
