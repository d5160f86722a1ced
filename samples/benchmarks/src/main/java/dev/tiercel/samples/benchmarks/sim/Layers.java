package dev.tiercel.samples.benchmarks.sim;

import dev.tiercel.backend.Backend;
import java.util.SplittableRandom;

/** The layers a client puts around a server. */
@FunctionalInterface
interface Layers {

  /** Around one server, with the client's time and chance. */
  Backend around(Backend server, VirtualTime time, SplittableRandom random);
}
