/// Many clients at once that send no mail: idle ones, slow ones, those that come and go; all of them on one thread.
@NullMarked
package dev.postern.blackbox.crowd;

import org.jspecify.annotations.NullMarked;
