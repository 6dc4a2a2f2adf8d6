/// Diagnosis: looks at a server as others see it, and says what is wrong and how to mend it.
@NullMarked
package dev.postern.doctor;

import org.jspecify.annotations.NullMarked;
