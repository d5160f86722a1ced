package dev.tiercel.observe;

/** Why an attempt was not sent. */
public enum Refusal {
  /** The endpoint's limiter is full: the call fails with {@code Overloaded}. */
  LIMIT,
  /** The endpoint is down: the call fails with {@code Unavailable}. */
  DOWN,
  /** A retry without a token: the call ends with the failure it has. */
  RETRY_BUDGET,
  /** A hedge without a token: the call goes on without it. */
  HEDGE_BUDGET,
  /** No endpoint has room for a hedge: the call goes on without it. */
  HEDGE_SATURATED
}
