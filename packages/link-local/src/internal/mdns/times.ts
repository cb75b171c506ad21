/**
 * The times and bounds of multicast DNS, in milliseconds and pieces, with their sections of RFC 6762.
 *
 * @internal
 */

/** §8.1 */
export const probeDelayMax = 250
export const probeInterval = 250
export const probesMax = 3
/** §8.2: who loses a tie waits and tries again. */
export const tieWait = 1000
export const conflictsMax = 15
export const conflictWindow = 10_000
export const conflictWait = 5000
/** After a minute without a conflict, tries are quick again. */
export const conflictRest = 60_000
/** A name that is taken after so many tries is not to be had. */
export const triesMax = 40
/** §8.3 */
export const announcementsMax = 2
export const announceInterval = 1000
/** §6: a record goes to all once a second at most, and every 250 ms where a probe asks. */
export const replyInterval = 1000
export const probeReplyInterval = 250
export const replyDelayMin = 20
export const replyDelayMax = 120
/** §7.2: further known answers are waited for. */
export const truncatedDelayMin = 400
export const truncatedDelayMax = 500
/** §5.2 */
export const queryDelayMin = 20
export const queryDelayMax = 120
export const queryInterval = 1000
export const queryIntervalMax = 3_600_000
export const refreshAt = [0.8, 0.85, 0.9, 0.95]
/** §10.1, §10.2 */
export const goodbyeGrace = 1000
/** §10.5: the question that finds somebody missing comes after these. */
export const missedMax = 2
/** §10.4, §10.5 */
export const reconfirmWithin = 10_000
/** What was heard so lately need not be asked for again: its owner may not repeat it yet (§6). */
export const freshFor = 2000
/** §10; seconds. */
export const hostTtl = 120
export const otherTtl = 4500
/** §6.7; seconds. */
export const legacyTtl = 10

/** Together with what is kept for those with little. */
export const messagesPerSecondMax = 300
export const messagesKept = 200
export const messagesLittle = 5
export const messagesPerSenderMax = 100
export const cacheMax = 1024
export const cachePerSenderMax = 256
/** Who has no more than this loses nothing to others. */
export const cachePerSenderKept = 16
/** With the next two, all that is ours fits one message. */
export const ownMax = 4
export const linksMax = 32
export const resolvingMax = 64
export const asksMax = 256
export const repliesMax = 128
export const addressesMax = 16
export const knownAnswersPerMessage = 16
export const knownAnswersMax = 64
/** RFC 6763 §6.2 */
export const txtBytesMax = 1300

/** From `min` up to `max`, by chance. */
export const between = (chance: number, min: number, max: number): number => min + Math.floor(chance * (max - min))
