package dev.tiercel.redis;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whatever a command replies, as a flat list; numbers as decimal text, nil as null. */
final class PlainOutput extends CommandOutput<byte[], byte[], List<byte[]>> {

  PlainOutput() {
    super(ByteArrayCodec.INSTANCE, new ArrayList<>());
  }

  @Override
  @SuppressWarnings("NullAway") // a list of replies may hold nil, see Answer
  public void set(@Nullable ByteBuffer bytes) {
    output.add(bytes == null ? null : codec.decodeValue(bytes));
  }

  @Override
  public void set(long integer) {
    output.add(Long.toString(integer).getBytes(StandardCharsets.UTF_8));
  }
}
