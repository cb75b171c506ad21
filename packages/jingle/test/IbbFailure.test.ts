/** What is told of failures: every kind has a sentence that says what to do. */
import { assert, describe, it } from "vitest"
import * as IbbFailure from "../src/IbbFailure.ts"

const all: ReadonlyArray<readonly [IbbFailure.Failure, RegExp]> = [
  [{ _tag: "Refused", condition: "not-acceptable" }, /did not open .*not-acceptable/],
  [{ _tag: "BlockRefused", condition: "bad-request" }, /refused a block \(bad-request\)/],
  [{ _tag: "Undeliverable", condition: "recipient-unavailable" }, /did not reach .*recipient-unavailable/],
  [{ _tag: "NoAnswer" }, /did not answer in time/],
  [{ _tag: "OutOfSequence", expected: 3, received: 5 }, /Block 5 came in the place of block 3/],
  [{ _tag: "TooLarge", octets: 9, octetsMax: 8 }, /9 octets, and 8 were agreed/],
  [{ _tag: "Malformed" }, /not in the form of XEP-0047/],
  [{ _tag: "Overrun" }, /more blocks than it may/],
  [{ _tag: "StreamEnded" }, /stream ended/],
  [{ _tag: "Aborted" }, /gave the bytestream up/]
]

describe("failures", () => {
  it.each(all)("IBB-13 %o", (failure, pattern) => {
    const sentence = IbbFailure.describe(failure)
    assert.match(sentence, pattern)
    assert.match(sentence, /; .+\.$|, so .+\.$/)
  })
})
