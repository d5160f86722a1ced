/** DynamoDB as the source of record, through the asynchronous client of AWS SDK v2. */
@NullMarked
package dev.tiercel.dynamo;

import org.jspecify.annotations.NullMarked;
