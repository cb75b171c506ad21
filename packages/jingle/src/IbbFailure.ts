/**
 * Why a bytestream failed, as plain data, and in a sentence for people.
 *
 * @since 0.1.0
 */

/**
 * - `Refused`: the peer did not open it, with this condition
 * - `BlockRefused`: the peer answered a block with an error about the block (IBB-13)
 * - `Undeliverable`: the peer was not there to take a block (IBB-12)
 * - `NoAnswer`: a request was not answered in time
 * - `OutOfSequence`: a block came under another number than the next one: one was lost, or sent twice (IBB-10)
 * - `TooLarge`: a block had more octets than was agreed (IBB-07)
 * - `Malformed`: a block was not base64, had no number, or came in another kind of stanza than was agreed (IBB-08)
 * - `Overrun`: the peer sent more than there was room for, although nothing had been answered
 * - `StreamEnded`: the stream around it ended
 * - `Aborted`: our side gave up
 *
 * @since 0.1.0
 * @category models
 */
export type Failure =
  | { readonly _tag: "Refused"; readonly condition: string }
  | { readonly _tag: "BlockRefused"; readonly condition: string }
  | { readonly _tag: "Undeliverable"; readonly condition: string }
  | { readonly _tag: "NoAnswer" }
  | { readonly _tag: "OutOfSequence"; readonly expected: number; readonly received: number }
  | { readonly _tag: "TooLarge"; readonly octets: number; readonly octetsMax: number }
  | { readonly _tag: "Malformed" }
  | { readonly _tag: "Overrun" }
  | { readonly _tag: "StreamEnded" }
  | { readonly _tag: "Aborted" }

/**
 * What happened, why, and what to do.
 *
 * @since 0.1.0
 * @category getters
 */
export const describe = (failure: Failure): string => {
  switch (failure._tag) {
    case "Refused":
      return `The peer did not open the bytestream (${failure.condition}); ask its user, or offer it in another way.`
    case "BlockRefused":
      return `The peer refused a block (${failure.condition}), so the bytestream is closed; start it anew.`
    case "Undeliverable":
      return `A block did not reach the peer (${failure.condition}); start anew when the peer is there again.`
    case "NoAnswer":
      return "The peer did not answer in time, so what arrived is not known; start anew on a new stream."
    case "OutOfSequence":
      return `Block ${failure.received} came in the place of block ${failure.expected}, so one was lost or sent twice; start `
        + "the bytestream anew."
    case "TooLarge":
      return `The peer sent a block of ${failure.octets} octets, and ${failure.octetsMax} were agreed on; tell whoever `
        + "maintains its program."
    case "Malformed":
      return "The peer sent a block that is not in the form of XEP-0047; tell whoever maintains its program."
    case "Overrun":
      return "The peer sent more blocks than it may before the first ones are answered; tell whoever maintains its program."
    case "StreamEnded":
      return "The stream ended before the bytestream did; start anew on a new stream."
    case "Aborted":
      return "Our side gave the bytestream up; nothing is to be done."
  }
}
