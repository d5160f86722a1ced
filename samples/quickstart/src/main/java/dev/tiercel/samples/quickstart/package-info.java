/**
 * A small program that serves features. What it needs of Tiercel is in
 * {@link dev.tiercel.samples.quickstart.FeatureService} and
 * {@link dev.tiercel.samples.quickstart.FeatureLoader}; the rest reads traces, checks, measures and
 * prints.
 */
@NullMarked
package dev.tiercel.samples.quickstart;

import org.jspecify.annotations.NullMarked;
