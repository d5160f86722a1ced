package dev.tiercel.health;

/** How an endpoint is doing, as far as its own answers tell. */
public enum EndpointState {
  /** Not known: nothing has been asked yet, or it was down and is being tried again. */
  PROBING,
  /** It answers. */
  HEALTHY,
  /** It answers, but some of its last answers were failures. */
  DEGRADED,
  /** It does not answer: calls are refused at once until it is tried again. */
  DOWN
}
