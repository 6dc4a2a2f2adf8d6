/// A package on an upper floor, only to be judged by ClassRulesTest.
@NullMarked
package dev.postern.architecture.high;

import org.jspecify.annotations.NullMarked;
