package dev.tiercel.backend;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A backend that passes everything on to another: what decorators extend. */
public abstract class ForwardingBackend implements Backend {

  private final Backend delegate;

  /**
   * Wraps a backend.
   *
   * @param delegate the backend to pass calls on to
   */
  protected ForwardingBackend(Backend delegate) {
    this.delegate = Objects.requireNonNull(delegate, "delegate");
  }

  @Override
  public String name() {
    return delegate.name();
  }

  @Override
  public String region() {
    return delegate.region();
  }

  @Override
  public Capabilities capabilities() {
    return delegate.capabilities();
  }

  @Override
  public CompletableFuture<ReadResult> read(ReadRequest request, CallContext context) {
    return delegate.read(request, context);
  }

  @Override
  public CompletableFuture<WriteResult> write(WriteRequest request, CallContext context) {
    return delegate.write(request, context);
  }

  @Override
  public Optional<Feed> feed() {
    return delegate.feed();
  }

  @Override
  public List<Replica> replicas() {
    return delegate.replicas();
  }

  @Override
  public void close() {
    delegate.close();
  }
}
