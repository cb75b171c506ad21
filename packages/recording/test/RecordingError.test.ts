import { expect, it } from "vitest"
import * as RecordingError from "../src/RecordingError.ts"

it.each<readonly [RecordingError.Fault, string]>([
  [{ _tag: "NotARecording", detail: "it is empty" }, "not a recording: it is empty"],
  [{ _tag: "UnsupportedVersion", version: 9, newest: 1 }, "version 9 is unknown; the newest that can be read is 1"],
  [{ _tag: "Malformed", line: 3, detail: "no JSON" }, "line 3: no JSON"],
  [{ _tag: "TornLastLine", line: 8 }, "line 8, the last, is incomplete"],
  [{ _tag: "SequenceGap", line: 4, expected: 2, found: 5 }, "line 4: step 2 was to come, found step 5"]
])("%j says what is wrong, and where", (reason, message) => {
  const error = RecordingError.make(reason)
  expect(error.message).toBe(message)
  expect(error.reason).toEqual(reason)
  expect(error._tag).toBe("RecordingError")
})
