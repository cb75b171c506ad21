import { assert, it } from "@effect/vitest"
import { FileFailed, type Why } from "../src/FileSharingFailure.ts"

const all: Readonly<Record<Why, true>> = {
  declined: true,
  unsupported: true,
  busy: true,
  unanswered: true,
  withdrawn: true,
  tooMany: true,
  stoppedByPeer: true,
  stalled: true,
  interrupted: true,
  incomplete: true,
  tooMuch: true,
  damaged: true,
  unreadable: true,
  changed: true,
  unkept: true
}

it.each(Object.keys(all))("says of %s what happened, and what to do, each in a sentence of its own", (why) => {
  assert.isTrue(Object.hasOwn(all, why))
  const found = Object.keys(all).filter((each): each is Why => each === why).map((why) =>
    new FileFailed({ why }).message
  )
  assert.match(found[0] ?? "", /^[^.(]+\. [^()]+\.$/)
})

it("says what is known besides", () => {
  assert.strictEqual(
    new FileFailed({ why: "declined", detail: "Not now." }).message,
    "the peer did not want the file (Not now). Ask the person at the other end."
  )
})
