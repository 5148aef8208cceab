/** Lists of users with hashes of their passwords, as Secrets hold them for basic authentication. */
@NullMarked
package io.isoline.translator.credentials;

import org.jspecify.annotations.NullMarked;
