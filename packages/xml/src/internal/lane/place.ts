/**
 * What a step of the fast lane answers: the place of the next byte to be looked at, or one of two numbers that are none.
 */

/** The end is not there yet, but nothing so far is wrong. */
export const CUT = -1
/** Not for the lane: wrong, or rare. */
export const STRANGE = -2
