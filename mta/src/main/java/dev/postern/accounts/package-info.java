/// Who has an inbox here and who may log in: the account file.
@NullMarked
package dev.postern.accounts;

import org.jspecify.annotations.NullMarked;
