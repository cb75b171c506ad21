import { FileSharingFailure } from "@xmpp-e2e/serverless"
import { assert, describe, it } from "vitest"
import * as Text from "../src/fileText.ts"

const failed = (why: FileSharingFailure.Why) => new FileSharingFailure.FileFailed({ why })

describe("the words of files", () => {
  it.each([
    [0, "0 octets"],
    [999, "999 octets"],
    [1000, "1.0 kB"],
    [9999, "9.9 kB"],
    [10_000, "10 kB"],
    [999_999, "999 kB"],
    [1_234_567, "1.2 MB"],
    [5_000_000_000, "5.0 GB"],
    [Number.MAX_SAFE_INTEGER, "9007 TB"]
  ])("%d octets are %s", (octets, expected) => assert.strictEqual(Text.amount(octets), expected))

  it("say how far a file is, also an empty one", () => {
    assert.strictEqual(Text.progress({ octets: 4_550_000, size: 10_000_000 }), "45 %, 4.5 MB of 10 MB")
    assert.strictEqual(Text.percent({ octets: 0, size: 0 }), 100)
  })

  it("show nothing of what a stranger put in a name or an address but what can be seen", () => {
    const words = Text.words({ event: "Receiving", peer: "mira\u001b[2J@tansy", name: "a\u202Eb\n.txt", size: 1 })
    assert.notMatch(words, /[\p{Cc}\u202E]/u)
  })

  it("end the command by who said no, by our file, or by what broke", () => {
    const code = (why: FileSharingFailure.Why) => Text.failure(failed(why)).code
    assert.deepStrictEqual([code("declined"), code("unsupported"), code("stoppedByPeer")], [3, 3, 3])
    assert.deepStrictEqual([code("unreadable"), code("changed")], [2, 2])
    assert.deepStrictEqual([code("interrupted"), code("damaged"), code("stalled")], [1, 1, 1])
    assert.match(Text.failure(failed("stalled")).sentence, /^not sent: nothing came in time\. /)
  })
})
