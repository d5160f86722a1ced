/** What tests of services and backends stand on: real engines, fakes and contracts. */
@NullMarked
package dev.tiercel.testing;

import org.jspecify.annotations.NullMarked;
